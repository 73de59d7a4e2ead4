using System.Diagnostics;
using System.Text;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Generation;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Models.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Benchmarks.Throughput;

/// <summary>
/// Tokens a second of greedy generation: with the cache of keys and values against without, in both number formats, and alone against in a batch. End
/// tokens are left out, so that each way writes as many tokens.
/// </summary>
internal static class GenerationSpeed
{
    private const int PromptTokens = 32;
    private const int NewTokens = 64;

    private const string Llama110M =
        """
        {"model_type": "llama", "vocab_size": 32000, "hidden_size": 768, "intermediate_size": 2048, "num_hidden_layers": 12, "num_attention_heads": 12,
         "max_position_embeddings": 1024, "tie_word_embeddings": true}
        """;

    private const string T5Small =
        """
        {"model_type": "t5", "vocab_size": 32128, "d_model": 512, "d_kv": 64, "d_ff": 2048, "num_layers": 6, "num_decoder_layers": 6, "num_heads": 8,
         "decoder_start_token_id": 0, "pad_token_id": 0, "eos_token_id": 1}
        """;

    public static void Run(string shared, int rounds)
    {
        NativeBackend.EnsureLoaded();
        Console.WriteLine($"{PromptTokens} tokens read, {NewTokens} written, median of {rounds} rounds, {Environment.ProcessorCount} cores, {get_num_threads()} threads");
        string smol = Path.Combine(shared, "weights", "SmolLM2-135M-Instruct");
        using (TaskModel model = Trained(smol, MatrixPacking.AsStored))
        {
            CacheOnOff("SmolLM2-135M", model, rounds);
        }
        using (TaskModel model = Fresh(Llama110M, HeadKind.CausalLanguageModel))
        {
            CacheOnOff("LLaMA 12 x 768", model, rounds);
        }
        using (TaskModel model = Fresh(T5Small, HeadKind.SequenceToSequence))
        {
            Compare("T5-small's shape", rounds, NewTokens,
            [
                ("1, float32, no cache", 1, tokens => Write(model, 1, tokens, cached: false, ScalarType.Float32)),
                ("1, float32", 1, tokens => Write(model, 1, tokens, cached: true, ScalarType.Float32)),
                ("8, float32", 8, tokens => Write(model, 8, tokens, cached: true, ScalarType.Float32)),
                ("1, bfloat16", 1, tokens => Write(model, 1, tokens, cached: true, ScalarType.BFloat16)),
                ("8, bfloat16", 8, tokens => Write(model, 8, tokens, cached: true, ScalarType.BFloat16)),
            ]);
        }
    }

    private static void CacheOnOff(string name, TaskModel model, int rounds)
    {
        Compare(name, rounds, NewTokens,
        [
            ("float32, no cache", 1, tokens => Write(model, 1, tokens, cached: false, ScalarType.Float32)),
            ("float32", 1, tokens => Write(model, 1, tokens, cached: true, ScalarType.Float32)),
            ("bfloat16, no cache", 1, tokens => Write(model, 1, tokens, cached: false, ScalarType.BFloat16)),
            ("bfloat16", 1, tokens => Write(model, 1, tokens, cached: true, ScalarType.BFloat16)),
        ]);
    }

    private static void Compare(string name, int rounds, int tokens, IReadOnlyList<(string Way, int Rows, Action<int> Write)> ways)
    {
        var times = ways.Select(_ => new List<double>()).ToArray();
        for (int round = -1; round < rounds; round++)
        {
            for (int i = 0; i < ways.Count; i++)
            {
                // Weights are laid out for a number format at its first use, which another format has undone.
                ways[i].Write(2);
                var clock = Stopwatch.StartNew();
                ways[i].Write(tokens);
                // The first time warms up.
                times[i].AddRange(round < 0 ? [] : [clock.Elapsed.TotalSeconds]);
            }
        }
        double first = Median(times[0]) / ways[0].Rows;
        for (int i = 0; i < ways.Count; i++)
        {
            double median = Median(times[i]);
            Console.WriteLine(FormattableString.Invariant(
                $"  {name,-18} {ways[i].Way,-20} {ways[i].Rows * tokens / median,8:F1} tokens/s  {first / (median / ways[i].Rows),6:F2} x the first  (spread {times[i].Min():F2} to {times[i].Max():F2} s)"));
        }
    }

    private static void Write(TaskModel model, int rows, int tokens, bool cached, ScalarType type)
    {
        using var scope = NewDisposeScope();
        model.ComputeType = type;
        var random = new Random(1);
        int[][] ids = [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, PromptTokens).Select(_ => random.Next(10, 10000)).ToArray())];
        var options = new GenerationOptions { MaxNewTokens = tokens, EosIds = [], Cached = cached };
        new TokenGenerator(model).Generate(TokenBatch.Pad(ids, null, 0), new GenerationSettings(options, new GenerationOptions(), model.Config), checkAlive: static () => { });
    }

    /// <summary>The language model of a checkpoint folder, ready to write.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="packing">How matrices are kept.</param>
    public static TaskModel Trained(string folder, MatrixPacking packing = MatrixPacking.None)
    {
        TaskModel model = TaskModel.Create(CheckpointContents.OfFolder(folder).Config, HeadKind.CausalLanguageModel, Placement.Cpu);
        using ITensorSource source = CheckpointFolder.OpenWeights(folder);
        CheckpointLoader.Load(model, source, mayAdd: [], replace: [], seed: 0, packing: packing);
        model.eval();
        return model;
    }

    private static TaskModel Fresh(string config, HeadKind head)
    {
        TaskModel model = TaskModel.Create(ModelConfig.Parse(Encoding.UTF8.GetBytes(config), "config.json"), head, Placement.Cpu);
        using var noGradient = no_grad();
        foreach ((string name, var parameter) in model.NamedParameters)
        {
            WeightInitializer.Initialize(name, parameter, model.Architecture.Fresh(name, model.Config), seed: 1);
        }
        model.eval();
        return model;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
