using System.Text;
using System.Text.Json.Nodes;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Models;

/// <summary>Small networks of every architecture and head, with the configs of <see cref="SmallConfigs"/>.</summary>
internal static class Networks
{
    /// <summary>Every row of <see cref="SmallConfigs"/> with every head that its architecture has.</summary>
    public static IEnumerable<(string Row, HeadKind Head)> All =>
        SmallConfigs.Rows.Keys.SelectMany(row => ArchitectureRegistry.Of(Config(row)).Heads.Select(head => (row, head.Kind)));

    /// <summary>The text of BERT's config.json; changes replace keys, null removes one.</summary>
    public static string Json(params (string Key, JsonNode? Value)[] changes) => Json("bert", changes);

    public static BertConfig Config(params (string Key, JsonNode? Value)[] changes) => (BertConfig)Config("bert", changes);

    /// <summary>The text of a row's config.json; changes replace keys, null removes one.</summary>
    public static string Json(string row, params (string Key, JsonNode? Value)[] changes)
    {
        JsonObject json = JsonNode.Parse(SmallConfigs.Rows[row])!.AsObject();
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

    public static ModelConfig Config(string row, params (string Key, JsonNode? Value)[] changes) =>
        ModelConfig.Parse(Encoding.UTF8.GetBytes(Json(row, changes)), "config.json");

    public static TaskModel Create(HeadKind head, BertConfig? config = null, int seed = 7) => Create(config ?? Config(), head, seed);

    public static TaskModel Create(string row, HeadKind head, int seed = 7) => Create(Config(row), head, seed);

    /// <summary>A network with weights that differ everywhere, biases, buffers and scales of normalisation included, ready to predict.</summary>
    public static TaskModel Create(ModelConfig config, HeadKind head, int seed = 7)
    {
        NativeBackend.EnsureLoaded();
        using var noGradient = no_grad();
        TaskModel model = TaskModel.Create(config, head, Placement.Cpu);
        foreach ((string name, var parameter) in model.NamedParameters)
        {
            WeightInitializer.Initialize(name, parameter, model.Architecture.Fresh(name, config), seed);
            if (parameter.dim() == 1)
            {
                AddWave(parameter);
            }
        }
        foreach ((_, Tensor buffer) in model.NamedBuffers.Where(item => item.Buffer.is_floating_point()))
        {
            AddWave(buffer);
        }
        model.eval();
        return model;
    }

    public static HeadOutput Forward(TaskModel model, TokenBatch batch)
    {
        using var noGradient = no_grad();
        return model.forward(batch);
    }

    /// <summary>A number that every output has a part in.</summary>
    public static Tensor AnyLoss(HeadOutput output)
    {
        Tensor loss = (output.Logits * arange(output.Logits.shape[^1]).sin()).sum();
        return output.SequenceLogits is { } more ? loss + (more * arange(more.shape[^1])).sum() : loss;
    }

    /// <summary>All that a head gives for one row, padding cut off where there is a vector per token.</summary>
    /// <param name="output">What the network gave.</param>
    /// <param name="row">Number of the row.</param>
    /// <param name="length">The row's tokens without padding.</param>
    /// <param name="left">Whether the padding stands on the left.</param>
    public static float[] Row(HeadOutput output, int row, int length, bool left = false)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Tensor logits = output.Logits[row];
        Tensor mine = output.Logits.dim() == 3 ? logits.narrow(0, left ? logits.shape[0] - length : 0, length) : logits;
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

    private static void AddWave(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        tensor.add_((arange(tensor.numel(), ScalarType.Float32).sin() * 0.3).reshape(tensor.shape));
    }
}
