using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Checkpoints.Safetensors;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Checkpoints;

public sealed class CheckpointLoaderTests : IDisposable
{
    private const string Query = "encoder.layer.1.attention.self.query.weight";

    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope;

    public CheckpointLoaderTests()
    {
        NativeBackend.EnsureLoaded();
        _scope = NewDisposeScope();
    }

    private string File => _folder.File(CheckpointFolder.WeightsFile);

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Adds_the_prefix_and_a_new_head()
    {
        Dictionary<string, Tensor> weights = Save(HeadKind.None);

        (TaskModel model, LoadReport report) = Load(HeadKind.SequenceClassification, mayAdd: true);

        Assert.Equal(["classifier.weight", "classifier.bias"], report.Added);
        Assert.Empty(report.Ignored);
        Assert.Equal(Networks.Values(weights[Query]), Value(model, "bert." + Query));
    }

    [Fact]
    public void Takes_the_prefix_away()
    {
        Dictionary<string, Tensor> weights = Save(HeadKind.SequenceClassification);

        (TaskModel model, LoadReport report) = Load(HeadKind.None);

        Assert.Equal(["classifier.bias", "classifier.weight"], report.Ignored.Order());
        Assert.Empty(report.Added);
        Assert.Equal(Networks.Values(weights["bert." + Query]), Value(model, Query));
    }

    [Fact]
    public void Adds_a_pooler_where_the_pretraining_had_none()
    {
        Save(HeadKind.MaskedLanguageModel);

        (_, LoadReport report) = Load(HeadKind.SequenceClassification, mayAdd: true);

        Assert.Equal(["bert.pooler.dense.bias", "bert.pooler.dense.weight", "classifier.bias", "classifier.weight"], report.Added.Order());
        Assert.All(report.Ignored, name => Assert.StartsWith("cls.predictions.", name, StringComparison.Ordinal));
        Assert.Equal(5, report.Ignored.Count);
    }

    [Theory]
    [InlineData("bert", "cls.predictions.")]
    [InlineData("xlm-roberta", "lm_head.")]
    public void Of_two_biases_the_one_that_is_computed_with_is_read(string row, string prefix)
    {
        ModelConfig config = Networks.Config(row, ("tie_word_embeddings", false));
        using TaskModel written = Networks.Create(config, HeadKind.MaskedLanguageModel);
        SafetensorsWriter.Write(File, [.. written.StoredTensors(), (prefix + "bias", full(config.VocabularySize, 7f))]);
        using TaskModel model = TaskModel.Create(config, HeadKind.MaskedLanguageModel, Placement.Cpu);
        using SafetensorsFile source = SafetensorsFile.Open(File);

        Assert.Equal([prefix + "bias"], CheckpointLoader.Load(model, source, [], [], seed: 1).Ignored);
        Assert.DoesNotContain(7f, Value(model, prefix + "decoder.bias"));
    }

    [Fact]
    public void Reads_the_names_of_the_first_release()
    {
        Dictionary<string, Tensor> weights = Save(HeadKind.None, all => all.ToDictionary(
            item => item.Key.Replace("LayerNorm.weight", "LayerNorm.gamma", StringComparison.Ordinal).Replace("LayerNorm.bias", "LayerNorm.beta", StringComparison.Ordinal),
            item => item.Value));

        (TaskModel model, _) = Load(HeadKind.None);

        Assert.Equal(Networks.Values(weights["embeddings.LayerNorm.gamma"]), Value(model, "embeddings.LayerNorm.weight"));
        Assert.Equal(Networks.Values(weights["embeddings.LayerNorm.beta"]), Value(model, "embeddings.LayerNorm.bias"));
    }

    [Theory]
    [InlineData(HeadKind.None, "embeddings.position_ids")]
    [InlineData(HeadKind.SequenceClassification, "bert.embeddings.position_ids")]
    [InlineData(HeadKind.SequenceClassification, "bert.embeddings.token_type_ids")]
    public void Leaves_buffers_aside(HeadKind head, string buffer)
    {
        Save(head, all => all.Append(new(buffer, arange(19, ScalarType.Int64).reshape(1, 19))).ToDictionary());

        Assert.Equal([buffer], Load(head).Report.Ignored);
    }

    [Fact]
    public void Leaves_copies_of_tied_weights_aside()
    {
        Dictionary<string, Tensor> weights = Save(HeadKind.MaskedLanguageModel, all => all
            .Append(new("cls.predictions.decoder.weight", all["bert.embeddings.word_embeddings.weight"] + 1))
            .Append(new("cls.predictions.decoder.bias", all["cls.predictions.bias"])).ToDictionary());

        (TaskModel model, LoadReport report) = Load(HeadKind.MaskedLanguageModel);

        Assert.Equal(["cls.predictions.decoder.bias", "cls.predictions.decoder.weight"], report.Ignored.Order());
        Assert.Equal(Networks.Values(weights["bert.embeddings.word_embeddings.weight"]), Value(model, "bert.embeddings.word_embeddings.weight"));
    }

    [Fact]
    public void Reads_tied_weights_from_their_copies_where_only_those_are_there()
    {
        Dictionary<string, Tensor> weights = Save(HeadKind.MaskedLanguageModel, all => all.ToDictionary(item => item.Key switch
        {
            "bert.embeddings.word_embeddings.weight" => "cls.predictions.decoder.weight",
            "cls.predictions.bias" => "cls.predictions.decoder.bias",
            string name => name,
        }, item => item.Value));

        (TaskModel model, LoadReport report) = Load(HeadKind.MaskedLanguageModel);

        Assert.Empty(report.Ignored);
        Assert.Equal(Networks.Values(weights["cls.predictions.decoder.weight"]), Value(model, "bert.embeddings.word_embeddings.weight"));
    }

    [Fact]
    public void Untied_weights_are_two_parameters()
    {
        Dictionary<string, Tensor> weights = Save(HeadKind.MaskedLanguageModel, untied: true);

        (TaskModel model, LoadReport report) = Load(HeadKind.MaskedLanguageModel, untied: true);

        Assert.Empty(report.Ignored);
        Assert.NotEqual(Value(model, "cls.predictions.decoder.weight"), Value(model, "bert.embeddings.word_embeddings.weight"));
        Assert.Equal(Networks.Values(weights["cls.predictions.decoder.weight"]), Value(model, "cls.predictions.decoder.weight"));
    }

    [Fact]
    public void Lists_everything_that_does_not_fit_in_one_error()
    {
        Save(HeadKind.SequenceClassification, all =>
        {
            all.Remove("bert." + Query);
            all.Remove("bert.pooler.dense.bias");
            all["classifier.weight"] = ones(5, 15);
            all["classifier.bias"] = ones(5);
            all["bert.encoder.layer.2.output.dense.bias"] = ones(15);
            all["extra"] = ones(1);
            all["bert.embeddings.LayerNorm.gamma"] = ones(15);
            return all;
        });

        var error = Assert.Throws<CheckpointException>(() => Load(HeadKind.SequenceClassification));

        Assert.StartsWith($"'{File}' does not fit BertForSequenceClassification:", error.Message, StringComparison.Ordinal);
        Assert.Contains($"missing (2): bert.{Query}; bert.pooler.dense.bias", error.Message, StringComparison.Ordinal);
        Assert.Contains("not expected (2): ", error.Message, StringComparison.Ordinal);
        Assert.Contains("bert.encoder.layer.2.output.dense.bias", error.Message, StringComparison.Ordinal);
        Assert.Contains("extra", error.Message, StringComparison.Ordinal);
        Assert.Contains("classifier.weight is [5, 15], expected [4, 15]", error.Message, StringComparison.Ordinal);
        Assert.Contains("classifier.bias is [5], expected [4]", error.Message, StringComparison.Ordinal);
        Assert.Contains("bert.embeddings.LayerNorm.gamma and bert.embeddings.LayerNorm.weight", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_buffer_of_another_shape_is_listed_with_the_rest()
    {
        using TaskModel written = Networks.Create("bart", HeadKind.SequenceToSequence);
        SafetensorsWriter.Write(File, written.StoredTensors().Where(item => item.Name != "model.encoder.layers.0.fc1.bias")
            .Select(item => item.Name == "final_logits_bias" ? (item.Name, ones(1, 40)) : item));

        string message = Assert.Throws<CheckpointException>(() => LoadBart([])).Message;

        Assert.Contains("missing (1): model.encoder.layers.0.fc1.bias", message, StringComparison.Ordinal);
        Assert.Contains("final_logits_bias is [1, 40], expected [1, 42]", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_buffer_that_holds_no_numbers_is_refused()
    {
        using TaskModel written = Networks.Create("bart", HeadKind.SequenceToSequence);
        SafetensorsWriter.Write(File, written.StoredTensors().Select(item => item.Name == "final_logits_bias" ? (item.Name, full([1, 42], float.NaN)) : item));

        Assert.Contains("'final_logits_bias'", Assert.Throws<CheckpointException>(() => LoadBart([])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.shared.weight")]
    [InlineData("model.encoder.embed_tokens.weight")]
    [InlineData("lm_head.weight")]
    public void Any_name_of_a_tied_parameter_says_that_it_may_be_added(string name)
    {
        using TaskModel written = Networks.Create("bart", HeadKind.SequenceToSequence);
        SafetensorsWriter.Write(File, written.StoredTensors().Where(item => item.Name != "model.shared.weight"));

        Assert.Equal(["model.shared.weight"], LoadBart([name]).Added);
    }

    [Fact]
    public void A_head_that_may_not_be_added_is_missing()
    {
        Save(HeadKind.None);

        var error = Assert.Throws<CheckpointException>(() => Load(HeadKind.SequenceClassification));

        Assert.Contains("missing (2): classifier.weight; classifier.bias", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_head_to_be_replaced_may_have_any_shape()
    {
        Save(HeadKind.SequenceClassification, all =>
        {
            all["classifier.weight"] = ones(9, 15);
            all["classifier.bias"] = ones(9);
            return all;
        });

        (TaskModel model, LoadReport report) = Load(HeadKind.SequenceClassification, replace: ["classifier.weight", "classifier.bias"]);

        Assert.Equal(["classifier.weight", "classifier.bias"], report.Added);
        Assert.Empty(report.Ignored);
        Assert.Equal(new float[4], Value(model, "classifier.bias"));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Refuses_values_that_are_no_numbers(float value)
    {
        Save(HeadKind.None, all =>
        {
            all[Query][14, 14] = value;
            return all;
        });

        var error = Assert.Throws<CheckpointException>(() => Load(HeadKind.None));

        Assert.Contains($"'{Query}' of '{File}' holds NaN or infinity", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Infinities_that_cancel_each_other_are_seen()
    {
        Assert.False(TensorChecks.IsFinite(tensor([float.PositiveInfinity, float.NegativeInfinity], [2])));
        Assert.True(TensorChecks.IsFinite(full(1000, float.MaxValue)));
        Assert.True(TensorChecks.IsFinite(full(1000, double.MaxValue, ScalarType.Float64)));
    }

    [Theory]
    [InlineData(ScalarType.Float16, 1e-3)]
    [InlineData(ScalarType.BFloat16, 1e-2)]
    [InlineData(ScalarType.Float64, 0)]
    public void Other_number_formats_become_Float32(ScalarType type, double tolerance)
    {
        Dictionary<string, Tensor> weights = Save(HeadKind.None, all => all.ToDictionary(item => item.Key, item => item.Value.to(type)));

        (TaskModel model, _) = Load(HeadKind.None);

        Assert.All(model.NamedParameters, item => Assert.Equal(ScalarType.Float32, item.Parameter.dtype));
        Networks.AssertClose(Networks.Values(weights[Query]), Value(model, Query), tolerance);
    }

    private LoadReport LoadBart(IReadOnlyList<string> mayAdd)
    {
        using TaskModel model = TaskModel.Create(Networks.Config("bart"), HeadKind.SequenceToSequence, Placement.Cpu);
        using SafetensorsFile source = SafetensorsFile.Open(File);
        return CheckpointLoader.Load(model, source, mayAdd, replace: [], seed: 1);
    }

    private static float[] Value(TaskModel model, string name) =>
        Networks.Values(model.NamedParameters.Single(item => item.Name == name).Parameter);

    private Dictionary<string, Tensor> Save(
        HeadKind head, Func<Dictionary<string, Tensor>, Dictionary<string, Tensor>>? change = null, bool untied = false)
    {
        TaskModel model = Networks.Create(head, Networks.Config(("tie_word_embeddings", !untied)));
        Dictionary<string, Tensor> weights = model.NamedParameters.ToDictionary(item => item.Name, item => item.Parameter.detach().clone());
        weights = change?.Invoke(weights) ?? weights;
        SafetensorsWriter.Write(File, weights.Select(item => (item.Key, item.Value)));
        return weights;
    }

    private (TaskModel Model, LoadReport Report) Load(HeadKind head, bool mayAdd = false, IReadOnlyList<string>? replace = null, bool untied = false)
    {
        TaskModel model = TaskModel.Create(Networks.Config(("tie_word_embeddings", !untied)), head, Placement.Cpu);
        using SafetensorsFile source = SafetensorsFile.Open(File);
        return (model, CheckpointLoader.Load(model, source, mayAdd ? model.MayAdd : [], replace ?? [], seed: 1));
    }
}
