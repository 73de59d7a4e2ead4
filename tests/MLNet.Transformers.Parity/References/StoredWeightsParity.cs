using System.Text.Json;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Checkpoints.TorchPickle;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Parity.References;

/// <summary>Checks what is read from published weight files: figures of a GGUF's tensors, and a training program's checkpoint beside its converted form.</summary>
public static class StoredWeightsParity
{
    private const string TrainingCheckpoint = "ckpt.pt";
    private const string ConvertedFolder = "hf-converted";

    // Sums and norms in float64 of float32 values: only the order of additions differs.
    private const double RelativeSum = 1e-9;

    private static readonly HashSet<string> _tensorFields = ["shape", "sum", "l2", "first", "last"];

    // llama2.c's names and the reference's.
    private static readonly (string From, string To)[] _llama2Names =
    [
        ("tok_embeddings", "model.embed_tokens"), ("attention.wq", "self_attn.q_proj"), ("attention.wk", "self_attn.k_proj"),
        ("attention.wv", "self_attn.v_proj"), ("attention.wo", "self_attn.o_proj"), ("feed_forward.w1", "mlp.gate_proj"),
        ("feed_forward.w2", "mlp.down_proj"), ("feed_forward.w3", "mlp.up_proj"), ("attention_norm", "input_layernorm"),
        ("ffn_norm", "post_attention_layernorm"),
    ];

    /// <summary>The checks that a folder of weights has files for; none where there are none.</summary>
    public static void Check(string folder, JsonElement expected, Report report)
    {
        if (expected.TryGetProperty("tensors", out JsonElement tensors))
        {
            report.Guard("tensors", () => CheckTensors(folder, tensors, report));
        }
        if (File.Exists(Path.Combine(folder, TrainingCheckpoint)))
        {
            report.Guard(TrainingCheckpoint, () => CheckConverted(folder, report));
        }
    }

    private static void CheckTensors(string folder, JsonElement tensors, Report report)
    {
        using ITensorSource source = CheckpointFolder.OpenWeights(folder);
        foreach (JsonProperty item in tensors.EnumerateObject())
        {
            using var scope = NewDisposeScope();
            report.RefuseUnknown(item.Value, item.Name, _tensorFields);
            Tensor values = Read(source, item.Name).flatten();
            report.SequenceEqual($"{item.Name}: shape", source[item.Name].Shape, item.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()));
            float[] first = Floats(item.Value, "first"), last = Floats(item.Value, "last");
            report.SequenceEqual($"{item.Name}: first", values[TensorIndex.Slice(stop: first.Length)].data<float>().ToArray(), first);
            report.SequenceEqual($"{item.Name}: last", values[TensorIndex.Slice(-last.Length)].clone().data<float>().ToArray(), last);
            Tensor precise = values.to(ScalarType.Float64);
            double norm = item.Value.GetProperty("l2").GetDouble();
            report.Within($"{item.Name}: l2", Math.Abs(precise.norm().item<double>() - norm), RelativeSum * norm);
            // A sum of values of both signs is as exact as their magnitudes allow.
            double tolerance = RelativeSum * precise.abs().sum().item<double>();
            report.Within($"{item.Name}: sum", Math.Abs(precise.sum().item<double>() - item.Value.GetProperty("sum").GetDouble()), tolerance);
        }
    }

    private static float[] Floats(JsonElement element, string name) => [.. element.Items(name).Select(value => (float)value.GetDouble())];

    private static void CheckConverted(string folder, Report report)
    {
        string converted = Path.Combine(folder, ConvertedFolder);
        using TorchFile training = TorchFile.Open(Path.Combine(folder, TrainingCheckpoint), "model");
        using ITensorSource reference = CheckpointFolder.OpenWeights(converted);
        using JsonDocument config = Fields.Open(Path.Combine(converted, CheckpointFolder.ConfigFile));
        var left = reference.Names.ToHashSet();
        foreach (string name in training.Names)
        {
            string renamed = Rename(name);
            if (!left.Remove(renamed))
            {
                // Both names of the tied table are there; the converted form has one.
                report.Equal($"{TrainingCheckpoint}: {name} has no counterpart but the embedding", renamed, "lm_head.weight");
                renamed = "model.embed_tokens.weight";
            }
            using var scope = NewDisposeScope();
            Tensor values = Read(training, name), expected = Read(reference, renamed);
            string? headsKey = name.Contains(".wq.") ? "num_attention_heads" : name.Contains(".wk.") ? "num_key_value_heads" : null;
            if (headsKey is not null)
            {
                int heads = config.RootElement.GetProperty(headsKey).GetInt32();
                values = values.view(heads, values.shape[0] / heads / 2, 2, values.shape[1]).transpose(1, 2).reshape(values.shape);
            }
            report.Equal($"{TrainingCheckpoint}: {name} is {renamed}", values.equal(expected).all().item<bool>(), true);
        }
        report.Equal($"{TrainingCheckpoint}: tensors that are only converted", string.Join(", ", left.Order()), "");
    }

    private static string Rename(string name)
    {
        const string CompiledPrefix = "_orig_mod.";
        name = name.StartsWith(CompiledPrefix, StringComparison.Ordinal) ? name[CompiledPrefix.Length..] : name;
        foreach ((string from, string to) in _llama2Names)
        {
            name = name.Replace($"{from}.", $"{to}.", StringComparison.Ordinal);
        }
        return name switch
        {
            "norm.weight" => "model.norm.weight",
            "output.weight" => "lm_head.weight",
            _ when name.StartsWith("layers.", StringComparison.Ordinal) => "model." + name,
            _ => name,
        };
    }

    private static Tensor Read(ITensorSource source, string name)
    {
        Tensor values = empty(source[name].Shape, ScalarType.Float32);
        source.CopyTo(name, values);
        return values;
    }
}
