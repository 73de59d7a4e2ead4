using System.Diagnostics;
using System.Globalization;
using LLama;
using LLama.Common;
using LLama.Native;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Generation;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Models.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Benchmarks.Throughput;

/// <summary>Greedy writing of a GGUF file beside llama.cpp: in processes of their own that take turns, each with two threads.</summary>
internal static class DecodingRace
{
    private const int PromptTokens = 28;
    private const int NewTokens = 128;
    private const int Threads = 2;

    private const string LlamaCpp = "llama.cpp";

    public static void Run(string shared, int rounds)
    {
        string file = Path.Combine(shared, "weights", "SmolLM2-135M-Instruct", "SmolLM2-135M-Instruct.Q4_1.gguf");
        Console.WriteLine(FormattableString.Invariant(
            $"{Path.GetFileName(file)}, {new FileInfo(file).Length / 1e6:F0} MB: {PromptTokens} tokens read, {NewTokens} written, median of {rounds} rounds in turns, {Threads} threads"));
        WriterProcess[] writers =
        [
            new("llama.cpp (LLamaSharp 0.30)", LlamaCpp, file),
            new("ours, float32", nameof(ScalarType.Float32), file),
            new("ours, bfloat16", nameof(ScalarType.BFloat16), file),
        ];
        var times = writers.Select(_ => new List<WritingTime>()).ToArray();
        var texts = new string[writers.Length];
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < writers.Length; i++)
            {
                (WritingTime time, texts[i]) = writers[i].Write();
                times[i].Add(time);
            }
        }
        (double read, double written) = (Median(times[0], time => time.Reading), Median(times[0], time => time.Writing));
        for (int i = 0; i < writers.Length; i++)
        {
            (double reading, double writing) = (Median(times[i], time => time.Reading), Median(times[i], time => time.Writing));
            Console.WriteLine(FormattableString.Invariant(
                $"  {writers[i].Name,-28} reads {PromptTokens / reading,7:F1} tokens/s {read / reading,5:F2} x   writes {(NewTokens - 1) / writing,7:F1} tokens/s {written / writing,5:F2} x   (spread {times[i].Min(time => time.Writing):F2} to {times[i].Max(time => time.Writing):F2} s)   {writers[i].PrivateMegabytes,5:F0} MB   text {texts[i]}"));
            writers[i].Dispose();
        }
    }

    /// <summary>Is one of the contenders.</summary>
    public static void Serve(string contender, string file)
    {
        if (contender == LlamaCpp)
        {
            ServeLlamaCpp(file);
        }
        else
        {
            ServeOurs(file, Enum.Parse<ScalarType>(contender));
        }
    }

    // The same ids for all; which they are does not matter to the time.
    private static int[] Prompt => [.. Enumerable.Range(0, PromptTokens).Select(i => 1000 + (37 * i))];

    private static void ServeOurs(string file, ScalarType type)
    {
        NativeBackend.EnsureLoaded();
        set_num_threads(Threads);
        using TaskModel model = GenerationSpeed.Trained(Path.GetDirectoryName(file)!, MatrixPacking.AsStored);
        model.ComputeType = type;
        var generator = new TokenGenerator(model);
        var settings = new GenerationSettings(new GenerationOptions { MaxNewTokens = NewTokens, EosIds = [] }, new GenerationOptions(), model.Config);
        WriterProcess.Serve(() =>
        {
            using var scope = NewDisposeScope();
            var clock = Stopwatch.StartNew();
            double first = 0;
            var ids = new List<int>();
            foreach (GeneratedToken token in generator.StreamAsync(() => TokenBatch.Pad([Prompt], null, 0), settings, static () => { }).ToBlockingEnumerable())
            {
                first = ids.Count == 0 ? clock.Elapsed.TotalSeconds : first;
                ids.Add(token.Id);
            }
            return (new WritingTime(first, clock.Elapsed.TotalSeconds - first), Sum(ids));
        });
    }

    private static void ServeLlamaCpp(string file)
    {
        NativeLibraryConfig.All.WithLogCallback(static (_, _) => { });
        var parameters = new ModelParams(file) { ContextSize = 512, Threads = Threads, BatchThreads = Threads, GpuLayerCount = 0 };
        using LLamaWeights weights = LLamaWeights.LoadFromFile(parameters);
        using LLamaContext context = weights.CreateContext(parameters);
        WriterProcess.Serve(() =>
        {
            context.NativeHandle.MemoryClear();
            var clock = Stopwatch.StartNew();
            var batch = new LLamaBatch();
            int[] prompt = Prompt;
            for (int i = 0; i < prompt.Length; i++)
            {
                batch.Add(prompt[i], i, LLamaSeqId.Zero, logits: i == prompt.Length - 1);
            }
            var ids = new List<int> { Best(context, batch, prompt.Length - 1) };
            double first = clock.Elapsed.TotalSeconds;
            while (ids.Count < NewTokens)
            {
                batch.Clear();
                batch.Add(ids[^1], prompt.Length + ids.Count - 1, LLamaSeqId.Zero, logits: true);
                ids.Add(Best(context, batch, 0));
            }
            return (new WritingTime(first, clock.Elapsed.TotalSeconds - first), Sum(ids));
        });
    }

    private static int Best(LLamaContext context, LLamaBatch batch, int place)
    {
        DecodeResult result = context.Decode(batch);
        return result == DecodeResult.Ok
            ? System.Numerics.Tensors.TensorPrimitives.IndexOfMax(context.NativeHandle.GetLogitsIth(place))
            : throw new InvalidOperationException($"llama.cpp says {result}.");
    }

    // Where two have written the same, they have the same number.
    private static string Sum(List<int> ids) => ids.Aggregate(17UL, (sum, id) => (sum * 1_000_003) + (ulong)id).ToString("x16", CultureInfo.InvariantCulture);

    private static double Median(List<WritingTime> times, Func<WritingTime, double> of) => times.Select(of).Order().ElementAt(times.Count / 2);
}
