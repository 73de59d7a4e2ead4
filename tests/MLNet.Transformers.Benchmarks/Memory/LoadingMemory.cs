using System.Diagnostics;
using System.Globalization;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Benchmarks.Memory;

/// <summary>The highest private memory while the tensors of a file are copied to where they stay, beside the bytes of those tensors (Linux).</summary>
internal static class LoadingMemory
{
    private const double Megabyte = 1e6;

    public static void Run(string path, ScalarType type)
    {
        NativeBackend.EnsureLoaded();
        // What the process has without any checkpoint: the runtime and libtorch.
        using (Tensor warm = zeros(1 << 20))
        {
            warm.to(ScalarType.BFloat16).Dispose();
        }
        long before = Private(), peak = before, parameters = 0;
        using var stop = new CancellationTokenSource();
        var watch = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                peak = Math.Max(peak, Private());
                Thread.Sleep(1);
            }
        });
        watch.Start();
        var clock = Stopwatch.StartNew();
        var kept = new List<Tensor>();
        using (ITensorSource source = CheckpointFolder.OpenFile(path))
        {
            // As a network's parameters, the targets are all there before the first is filled.
            kept.AddRange(source.Names.Select(name => empty(source[name].Shape, type)));
            foreach ((string name, Tensor target) in source.Names.Zip(kept))
            {
                source.CopyTo(name, target);
                parameters += target.numel() * target.element_size();
            }
        }
        double seconds = clock.Elapsed.TotalSeconds;
        stop.Cancel();
        watch.Join();
        kept.ForEach(tensor => tensor.Dispose());
        double allowed = 1.2 * parameters + 64 * Megabyte;
        Console.WriteLine(
            $"{Path.GetFileName(path)} as {type}: {kept.Count} tensors of {parameters / Megabyte:F0} MB in {seconds:F2} s; "
            + $"private memory {before / Megabyte:F0} MB before, {peak / Megabyte:F0} MB at most: {(peak - before) / Megabyte:F0} MB more, allowed {allowed / Megabyte:F0} MB");
    }

    // Anonymous pages: mapped files are not among them.
    private static long Private()
    {
        string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("RssAnon:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024;
    }
}
