using System.Text.Json;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Generation;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Parity.Models;

/// <summary>Checks a checkpoint folder with expected.json against the figures of the reference.</summary>
internal sealed class ModelParity(string folder, Report report)
{
    private const double Floor = 2e-5;
    private const double HalfTolerance = 2e-2;

    private static readonly HashSet<string> _rootFields =
    [
        "class", "variant", "set", "seed", "made_with", "resaved_with", "tolerance", "note", "cases", "cross_load", "greedy_uncached",
        "infilling_greedy", "generate",
    ];

    private static readonly HashSet<string> _caseFields =
        ["name", "inputs", "outputs", "tolerance_abs", "hidden_states_l2", "gradients", "adamw", "compare", "note", "choice_ids", "choice_indices"];

    private static readonly HashSet<string> _crossFields =
        ["load_as", "missing_keys", "inputs", "outputs", "tolerance_abs", "compare", "note", "choice_ids", "choice_indices"];

    private static readonly HashSet<string> _inputs =
    [
        "input_ids", "attention_mask", "token_type_ids", "position_ids", "decoder_input_ids", "decoder_attention_mask", "labels",
        "next_sentence_label", "start_positions", "end_positions",
    ];

    public void Run(JsonElement expected)
    {
        if (expected.Text("class") is not { } className)
        {
            report.Fail("no 'class'");
            return;
        }
        if (ReferenceClass.Find(className) is not { } head)
        {
            report.Fail($"unknown class {className}");
            return;
        }
        report.RefuseUnknown(expected, "expected.json", _rootFields);
        double loosest = expected.Items("cases").SelectMany(item => item.Properties("tolerance_abs"))
            .Select(item => item.Value.GetDouble()).DefaultIfEmpty(Floor).Max();
        foreach (JsonElement item in expected.Items("cases"))
        {
            string name = item.Text("name") ?? "case";
            report.RefuseUnknown(item, name, _caseFields);
            report.Guard(name, () => RunCase(item, name, head, loosest));
        }
        foreach (JsonElement item in expected.Items("cross_load"))
        {
            string name = $"as {item.Text("load_as")}";
            report.RefuseUnknown(item, name, _crossFields);
            report.Guard(name, () => RunCrossLoad(item, name, loosest));
        }
        report.Guard("greedy", () => RunGreedy(expected, head));
        report.Guard("generate", () => RunGenerate(expected, head, loosest));
    }

    private void RunCase(JsonElement item, string name, HeadSpec head, double loosest)
    {
        using var scope = NewDisposeScope();
        using TaskModel model = Load(head, mayAdd: []);
        Dictionary<string, Tensor>? inputs = Inputs(item, name);
        if (inputs is null)
        {
            return;
        }
        ScalarType? half = HalfPrecision(item);
        model.ComputeType = half ?? ScalarType.Float32;
        Compare(item, name, model, inputs, (output, expected) =>
            half is null ? Tolerance(item, output, loosest) : HalfTolerance * expected.abs().max().item<double>());
        HiddenStatesParity.Check(item, name, model, ReferenceClass.Batch(model, inputs), report);
        if (item.TryGetProperty("gradients", out JsonElement gradients))
        {
            CompareGradients(gradients, item, name, model, inputs);
        }
        if (item.TryGetProperty("adamw", out JsonElement adamw))
        {
            CompareAdamW(adamw, item, name, model, inputs);
        }
    }

    private void RunCrossLoad(JsonElement item, string name, double loosest)
    {
        if (ReferenceClass.Find(item.Text("load_as") ?? "") is not { } head)
        {
            report.Fail($"{name}: unknown class");
            return;
        }
        using var scope = NewDisposeScope();
        string[] missing = [.. item.Items("missing_keys").Select(key => key.GetString()!)];
        using TaskModel model = Load(head, mayAdd: missing);
        if (Inputs(item, name) is { } inputs)
        {
            Compare(item, name, model, inputs, (_, _) => loosest);
        }
    }

    private void RunGreedy(JsonElement expected, HeadSpec head)
    {
        JsonElement[] items = [.. expected.Items("greedy_uncached")], blanks = [.. expected.Items("infilling_greedy")];
        if (items.Length > 0 || blanks.Length > 0)
        {
            using TaskModel model = Load(head, mayAdd: []);
            new GreedyParity(model, report).Run(items);
            new ClozeParity(model, report).Run(blanks);
        }
    }

    private void RunGenerate(JsonElement expected, HeadSpec head, double tolerance)
    {
        JsonElement[] items = [.. expected.Items("generate")];
        if (items.Length > 0)
        {
            using TaskModel model = Load(head, mayAdd: []);
            GenerationOptions checkpoint = GenerationConfigFile.Read(folder, model.Config);
            new GenerationParity(model, checkpoint, tolerance, report).Run(items);
        }
    }

    private TaskModel Load(HeadSpec head, IReadOnlyList<string> mayAdd)
    {
        using ITensorSource source = CheckpointFolder.OpenWeights(folder);
        ModelConfig config = CheckpointContents.OfFolder(folder).Config.CompletedBy(source);
        TaskModel model = TaskModel.Create(config, ReferenceClass.Of(config, head), Placement.Cpu);
        CheckpointLoader.Load(model, source, mayAdd, replace: [], seed: 0);
        model.eval();
        return model;
    }

    private Dictionary<string, Tensor>? Inputs(JsonElement item, string name)
    {
        JsonProperty[] given = [.. item.Properties("inputs")];
        foreach (JsonProperty input in given.Where(input => !_inputs.Contains(input.Name)))
        {
            report.Fail($"{name}: unknown input '{input.Name}'");
        }
        return given.All(input => _inputs.Contains(input.Name))
            ? given.ToDictionary(input => input.Name, input => ExpectedTensor.Read(input.Value))
            : null;
    }

    // A language model that ranks choices gives their scores, and those of the vocabulary besides.
    private static HeadOutput Forward(TaskModel model, JsonElement item, Dictionary<string, Tensor> inputs)
    {
        HeadOutput output = model.forward(ReferenceClass.Batch(model, inputs));
        return model.Head == HeadKind.MultipleChoice ? new HeadOutput(ClozeParity.Scores(output.Logits, item), output.Logits) : output;
    }

    private void Compare(JsonElement item, string name, TaskModel model, Dictionary<string, Tensor> inputs, Func<string, Tensor, double> tolerance)
    {
        using var noGradient = no_grad();
        HeadOutput output = Forward(model, item, inputs);
        Dictionary<string, Tensor> ours = ReferenceClass.Outputs(model, output);
        if (ReferenceClass.Loss(model, output, inputs) is { } loss)
        {
            ours["loss"] = loss;
        }
        Tensor? counted = Counted(item, name, inputs);
        JsonProperty[] outputs = [.. item.Properties("outputs")];
        if (outputs.Length == 0)
        {
            report.Fail($"{name}: no outputs");
        }
        foreach (JsonProperty entry in outputs)
        {
            Tensor expected = ExpectedTensor.Read(entry.Value);
            if (ours.TryGetValue(entry.Name, out Tensor? actual))
            {
                Tensor theirs = ReferenceClass.BatchFirst(model, expected, actual.shape);
                double difference = ExpectedTensor.Difference(Counted(actual, counted), Counted(theirs, counted));
                report.Within($"{name}: {entry.Name}", difference, tolerance(entry.Name, expected));
            }
            else
            {
                report.Fail($"{name}: unknown output '{entry.Name}'");
            }
        }
    }

    // Of a case that says so only the tokens that are no padding count, (batch, tokens); null: everything counts.
    private Tensor? Counted(JsonElement item, string name, Dictionary<string, Tensor> inputs)
    {
        string? where = item.Text("compare");
        if (where is not (null or "only where attention_mask == 1"))
        {
            report.Fail($"{name}: unknown way to compare '{where}'");
        }
        return where is null ? null : inputs["attention_mask"].ne(0);
    }

    private static Tensor Counted(Tensor tensor, Tensor? counted) =>
        counted is not null && tensor.dim() >= 2 && tensor.shape[1] == counted.shape[1] ? tensor[counted] : tensor;

    private static ScalarType? HalfPrecision(JsonElement item) => item.Text("note") switch
    {
        { } note when note.Contains("computed in torch.bfloat16", StringComparison.Ordinal) => ScalarType.BFloat16,
        { } note when note.Contains("computed in torch.float16", StringComparison.Ordinal) => ScalarType.Float16,
        _ => null,
    };

    private static double Tolerance(JsonElement item, string output, double loosest) =>
        item.Properties("tolerance_abs").Where(entry => entry.Name == output).Select(entry => entry.Value.GetDouble()).FirstOrDefault(loosest);

    private void CompareGradients(JsonElement gradients, JsonElement item, string name, TaskModel model, Dictionary<string, Tensor> inputs)
    {
        model.zero_grad();
        ReferenceClass.Loss(model, Forward(model, item, inputs), inputs)!.backward();
        foreach (JsonProperty entry in gradients.EnumerateObject())
        {
            string own = model.Aliases.GetValueOrDefault(entry.Name, entry.Name);
            Tensor? gradient = model.NamedParameters.FirstOrDefault(item => item.Name == own).Parameter?.grad;
            if (gradient is null)
            {
                report.Fail($"{name}: no gradient of {entry.Name}");
                continue;
            }
            double norm = entry.Value.GetProperty("l2_norm").GetDouble();
            double relative = entry.Value.GetProperty("l2_tolerance_rel").GetDouble();
            report.Within($"{name}: gradient norm of {entry.Name}", Math.Abs(gradient.norm().item<float>() - norm) / Math.Max(norm, 1e-12), relative);
            double[] first = [.. entry.Value.GetProperty("first").EnumerateArray().Select(ExpectedTensor.Number)];
            Tensor ours = gradient.flatten().narrow(0, 0, first.Length);
            report.Within($"{name}: gradient of {entry.Name}", ExpectedTensor.Difference(ours, tensor(first)), Math.Max(relative * norm, Floor));
        }
    }

    private void CompareAdamW(JsonElement adamw, JsonElement item, string name, TaskModel model, Dictionary<string, Tensor> inputs)
    {
        using var optimizer = new AdamW(
            model.NamedParameters, adamw.GetProperty("weight_decay").GetDouble(), decays: static _ => true);
        double tolerance = adamw.GetProperty("tolerance_abs").GetDouble();
        double difference = 0;
        foreach (JsonElement expected in adamw.Items("losses"))
        {
            using var scope = NewDisposeScope();
            model.zero_grad();
            Tensor loss = ReferenceClass.Loss(model, Forward(model, item, inputs), inputs)!;
            difference = Math.Max(difference, Math.Abs(loss.item<float>() - expected.GetDouble()));
            loss.backward();
            optimizer.Step(adamw.GetProperty("lr").GetDouble());
        }
        report.Within($"{name}: losses of AdamW", difference, tolerance);
    }
}
