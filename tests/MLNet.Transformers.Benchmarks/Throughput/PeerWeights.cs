using System.Runtime.InteropServices;
using System.Text.Json;

namespace MLNet.Transformers.Benchmarks.Throughput;

/// <summary>Makes the random weights of a peer's graph, as its layout.json says, in a scratch folder.</summary>
internal static class PeerWeights
{
    public static string Make(string peers, string name, string scratch)
    {
        Directory.CreateDirectory(scratch);
        string graph = Path.Combine(scratch, $"{name}.onnx");
        File.Copy(Path.Combine(peers, $"{name}.onnx"), graph, overwrite: true);
        using JsonDocument layout = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(peers, "layout.json")));
        JsonElement entry = layout.RootElement.GetProperty(name);
        string weights = Path.Combine(scratch, entry.GetProperty("bin").GetString()!);
        if (File.Exists(weights) && new FileInfo(weights).Length == entry.GetProperty("bytes").GetInt64())
        {
            return graph;
        }
        using FileStream file = File.Create(weights);
        file.SetLength(entry.GetProperty("bytes").GetInt64());
        var random = new Random(1);
        foreach ((long offset, int length) in Ranges(entry, "float_ranges"))
        {
            float[] values = [.. Enumerable.Range(0, length / sizeof(float)).Select(_ => (float)(Normal(random) * 0.02))];
            file.Position = offset;
            file.Write(MemoryMarshal.AsBytes(values.AsSpan()));
        }
        foreach ((long offset, int length) in Ranges(entry, "int8_ranges"))
        {
            var values = new byte[length];
            random.NextBytes(values);
            file.Position = offset;
            file.Write(values);
        }
        return graph;
    }

    private static IEnumerable<(long Offset, int Length)> Ranges(JsonElement entry, string key) =>
        entry.GetProperty(key).EnumerateArray().Select(range => (range[0].GetInt64(), range[1].GetInt32()));

    // Box and Muller 1958.
    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
