using System.Text;
using System.Text.Json.Nodes;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Nn;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Models;

/// <summary>Small networks of sizes that no two parts share, so that a mix-up shows as an error.</summary>
internal static class Networks
{
    public static IEnumerable<HeadKind> BertHeads => new BertArchitecture().Heads.Select(head => head.Kind);

    /// <summary>The text of a config.json; changes replace keys, null removes one.</summary>
    public static string Json(params (string Key, JsonNode? Value)[] changes)
    {
        var json = new JsonObject
        {
            ["model_type"] = "bert", ["vocab_size"] = 37, ["hidden_size"] = 15, ["num_hidden_layers"] = 2, ["num_attention_heads"] = 3,
            ["intermediate_size"] = 22, ["hidden_act"] = "relu", ["max_position_embeddings"] = 19, ["type_vocab_size"] = 3,
            ["layer_norm_eps"] = 1e-5, ["id2label"] = new JsonObject { ["0"] = "a", ["1"] = "b", ["2"] = "c", ["3"] = "d" },
            ["initializer_range"] = 0.2,
        };
        foreach ((string key, JsonNode? value) in changes)
        {
            if (value is null)
            {
                json.Remove(key);
            }
            else
            {
                json[key] = value;
            }
        }
        return json.ToJsonString();
    }

    public static BertConfig Config(params (string Key, JsonNode? Value)[] changes) =>
        (BertConfig)ModelConfig.Parse(Encoding.UTF8.GetBytes(Json(changes)), "config.json");

    /// <summary>A network with weights that differ everywhere, biases and scales of normalisation included, ready to predict.</summary>
    public static TaskModel Create(HeadKind head, BertConfig? config = null, int seed = 7)
    {
        config ??= Config();
        TaskModel model = TaskModel.Create(config, head, Placement.Cpu);
        foreach ((string name, var parameter) in model.NamedParameters)
        {
            WeightInitializer.Initialize(name, parameter, new FreshWeights(config.InitializerRange), seed);
            if (parameter.dim() == 1)
            {
                using var scope = NewDisposeScope();
                using var noGradient = no_grad();
                parameter.add_(arange(parameter.numel(), ScalarType.Float32).sin() * 0.3);
            }
        }
        model.eval();
        return model;
    }

    /// <summary>Eight sequences of different lengths, with segments.</summary>
    public static (int[][] Ids, int[][] Segments) Sequences()
    {
        var random = new Random(3);
        int[] lengths = [5, 1, 19, 7, 2, 11, 3, 7];
        int[][] ids = [.. lengths.Select(length => Enumerable.Range(0, length).Select(_ => random.Next(1, 37)).ToArray())];
        return (ids, [.. ids.Select(row => row.Select((_, i) => i * 2 / row.Length).ToArray())]);
    }

    /// <summary>All that a head gives for one row, padding cut off where there is a vector per token.</summary>
    public static float[] Row(HeadOutput output, int row, int length)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Tensor logits = output.Logits[row];
        Tensor mine = output.Logits.dim() == 3 ? logits.narrow(0, 0, length) : logits;
        return [.. Values(mine), .. output.SequenceLogits is { } more ? Values(more[row]) : []];
    }

    public static float[] Values(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().to(ScalarType.Float32).contiguous().data<float>().ToArray();
    }

    public static void AssertClose(float[] expected, float[] found, double tolerance)
    {
        Assert.Equal(expected.Length, found.Length);
        double largest = expected.Zip(found, (a, b) => Math.Abs((double)a - b)).DefaultIfEmpty().Max();
        Assert.True(largest <= tolerance, $"The largest difference is {largest}, allowed is {tolerance}.");
    }
}
