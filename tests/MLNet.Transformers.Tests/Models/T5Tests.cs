using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Checkpoints.Safetensors;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Models.T5;
using MLNet.Transformers.Tests.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Models;

/// <summary>What is particular about T5.</summary>
public sealed class T5Tests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope;

    public T5Tests()
    {
        NativeBackend.EnsureLoaded();
        _scope = NewDisposeScope();
    }

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    // Whether the head is the token table: config.json says so of a network without a checkpoint, the checkpoint's tensors of one that has them.
    [Theory]
    [InlineData(true, Head.None, true)]
    [InlineData(true, Head.Same, true)]
    [InlineData(true, Head.Other, false)]
    [InlineData(false, Head.None, true)]
    [InlineData(false, Head.Same, true)]
    [InlineData(false, Head.Other, false)]
    public void The_checkpoint_decides_whether_the_head_is_tied(bool said, Head stored, bool tied)
    {
        var config = (T5Config)Networks.Config("t5", ("tie_word_embeddings", said), ("scale_decoder_outputs", true));
        TaskModel written = Networks.Create(config with { TiedEmbeddings = true }, HeadKind.SequenceToSequence);
        Dictionary<string, Tensor> weights = written.StoredTensors().ToDictionary(item => item.Name, item => item.Tensor);
        if (stored != Head.None)
        {
            weights["lm_head.weight"] = stored == Head.Same ? weights["shared.weight"] : weights["shared.weight"] * 2;
        }

        (TaskModel model, LoadReport report) = Load(weights, config, HeadKind.SequenceToSequence);

        Assert.Equal(tied, model.Aliases.ContainsKey("lm_head.weight"));
        Assert.Equal(!tied, model.NamedParameters.Any(item => item.Name == "lm_head.weight"));
        Assert.Equal(stored == Head.Same ? ["lm_head.weight"] : [], report.Ignored);
        TokenBatch batch = new Samples(model).All();
        float[] expected = Networks.Values(Networks.Forward(written, batch).Logits * (stored == Head.Other ? 2 : 1));
        Networks.AssertClose(expected, Networks.Values(Networks.Forward(model, batch).Logits), 1e-6);
    }

    [Fact]
    public void Scaled_outputs_are_times_the_root_of_the_width()
    {
        var config = (T5Config)Networks.Config("t5");
        TaskModel scaled = Networks.Create(config, HeadKind.SequenceToSequence), plain = Networks.Create(config with { ScaledOutputs = false }, HeadKind.SequenceToSequence);
        TokenBatch batch = new Samples(scaled).All();

        Tensor expected = Networks.Forward(plain, batch).Logits / Math.Sqrt(14);

        Networks.AssertClose(Networks.Values(expected), Networks.Values(Networks.Forward(scaled, batch).Logits), 1e-6);
    }

    [Theory]
    [InlineData(HeadKind.None, "")]
    [InlineData(HeadKind.SequenceToSequence, "")]
    [InlineData(HeadKind.QuestionAnswering, "")]
    [InlineData(HeadKind.SequenceClassification, "transformer.")]
    public void The_unused_table_of_the_first_release_is_left_aside(HeadKind head, string prefix)
    {
        string unused = prefix + "decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight";
        TaskModel written = Networks.Create("t5", head);
        Dictionary<string, Tensor> weights = written.StoredTensors().ToDictionary(item => item.Name, item => item.Tensor);
        weights[unused] = ones(7, 3);

        Assert.Equal([unused], Load(weights, written.Config, head).Report.Ignored);
    }

    [Theory]
    [InlineData(HeadKind.Encoder)]
    [InlineData(HeadKind.TokenClassification)]
    public void An_encoder_reads_the_checkpoint_of_the_whole(HeadKind head)
    {
        TaskModel written = Networks.Create("t5 v1.1", HeadKind.SequenceToSequence);
        Dictionary<string, Tensor> weights = written.StoredTensors().ToDictionary(item => item.Name, item => item.Tensor);

        (TaskModel model, LoadReport report) = Load(weights, written.Config, head);

        Assert.All(report.Ignored, name => Assert.True(name.StartsWith("decoder.", StringComparison.Ordinal) || name == "lm_head.weight", name));
        const int Layers = 2, Projections = 8, Norms = 3, FeedForward = 3, PositionTable = 1, LastNorm = 1, LanguageModel = 1;
        Assert.Equal(Layers * (Projections + Norms + FeedForward) + PositionTable + LastNorm + LanguageModel, report.Ignored.Count);
        Assert.Equal(head == HeadKind.Encoder ? [] : ["classifier.bias", "classifier.weight"], report.Added.Order());
        Assert.Equal(0, model.Backbone.CachedLayers);
    }

    [Fact]
    public void The_vector_of_a_sequence_is_that_of_its_last_end()
    {
        using TaskModel model = Networks.Create("t5", HeadKind.SequenceClassification);
        TokenBatch two = new(tensor([5L, 1, 6, 1], [1, 4])), one = new(tensor([5L, 4, 6, 1], [1, 4]));

        Tensor tokens = model.Backbone.forward(two).Tokens;

        Networks.AssertClose(Networks.Values(tokens[0, 3]), Networks.Values(model.Backbone.forward(two).Pooled![0]), 1e-7);
        Networks.AssertClose(Networks.Values(model.Backbone.forward(one).Tokens[0, 3]), Networks.Values(model.Backbone.forward(one).Pooled![0]), 1e-7);
    }

    [Fact]
    public void A_sequence_without_an_end_is_refused()
    {
        using TaskModel model = Networks.Create("t5", HeadKind.SequenceClassification);

        var error = Assert.Throws<ArgumentException>(() => model.forward(new TokenBatch(tensor([5L, 1, 6, 7], [2, 2]))));

        Assert.Contains("a row has none: 'eos_token_id' is 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_end_in_the_padding_is_none()
    {
        using TaskModel model = Networks.Create("t5", HeadKind.SequenceClassification);

        Assert.Throws<ArgumentException>(() => model.forward(new TokenBatch(tensor([5L, 6, 1], [1, 3]), Mask: tensor([true, true, false], [1, 3]))));
    }

    [Fact]
    public void Several_ends_give_no_vector_of_a_sequence()
    {
        using TaskModel model = Networks.Create(Networks.Config("t5", ("eos_token_id", new System.Text.Json.Nodes.JsonArray(1, 2))), HeadKind.SequenceClassification);

        var error = Assert.Throws<InvalidOperationException>(() => model.forward(new TokenBatch(tensor([5L, 1], [1, 2]))));

        Assert.Contains("'eos_token_id'", error.Message, StringComparison.Ordinal);
    }

    // modeling_t5.py, _init_weights.
    [Theory]
    [InlineData("shared.weight", 1)]
    [InlineData("lm_head.weight", 1)]
    [InlineData("classifier.weight", 1)]
    [InlineData("qa_outputs.weight", 1.0 / 14)]
    [InlineData("classification_head.dense.weight", 1.0 / 14)]
    [InlineData("classification_head.out_proj.weight", 1.0 / 14)]
    [InlineData("transformer.encoder.block.0.layer.0.SelfAttention.q.weight", 1.0 / 14 / 5)]
    [InlineData("decoder.block.1.layer.1.EncDecAttention.k.weight", 1.0 / 14)]
    [InlineData("encoder.block.0.layer.0.SelfAttention.v.weight", 1.0 / 14)]
    [InlineData("encoder.block.0.layer.0.SelfAttention.o.weight", 1.0 / 15)]
    [InlineData("encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight", 1.0 / 14)]
    [InlineData("encoder.block.0.layer.1.DenseReluDense.wi.weight", 1.0 / 14)]
    [InlineData("encoder.block.0.layer.1.DenseReluDense.wi_1.weight", 1.0 / 14)]
    [InlineData("decoder.block.2.layer.2.DenseReluDense.wo.weight", 1.0 / 23)]
    public void Each_kind_of_weight_has_a_deviation_of_its_own(string name, double variance)
    {
        FreshWeights fresh = new T5Architecture().Fresh(name, Networks.Config("t5"));

        Assert.Equal(0.5 * Math.Sqrt(variance), fresh.Deviation, 1e-12);
        Assert.Equal(0.5, fresh.Scale);
    }

    [Fact]
    public void The_factor_is_on_scales_of_normalisation_too()
    {
        TaskModel model = TaskModel.Create(Networks.Config("t5"), HeadKind.Encoder, Placement.Cpu);
        (string name, var norm) = model.NamedParameters.First(item => item.Name.EndsWith("layer_norm.weight", StringComparison.Ordinal));

        WeightInitializer.Initialize(name, norm, model.Architecture.Fresh(name, model.Config), seed: 1);

        Assert.All(Networks.Values(norm), value => Assert.Equal(0.5f, value));
    }

    [Theory]
    [InlineData("relative_attention_max_distance", 5)]
    [InlineData("relative_attention_num_buckets", 7)]
    [InlineData("layer_norm_epsilon", 0.5)]
    [InlineData("feed_forward_proj", "silu")]
    public void Every_setting_of_the_arithmetic_matters(string key, object value)
    {
        ModelConfig plain = Networks.Config("t5", ("relative_attention_num_buckets", 8), ("layer_norm_epsilon", 1e-6));
        ModelConfig other = Networks.Config("t5", ("relative_attention_num_buckets", 8), (key, System.Text.Json.Nodes.JsonValue.Create(value)));
        using TaskModel first = Networks.Create(plain, HeadKind.Encoder), second = Networks.Create(other, HeadKind.Encoder);
        TokenBatch batch = new Samples(first).All();

        Assert.NotEqual(Networks.Values(Networks.Forward(first, batch).Logits), Networks.Values(Networks.Forward(second, batch).Logits));
    }

    [Fact]
    public void Float16_stays_finite()
    {
        using var noGradient = no_grad();
        using TaskModel model = Networks.Create("t5", HeadKind.Encoder);
        foreach ((string name, var parameter) in model.NamedParameters.Where(item => item.Name.EndsWith("wo.weight", StringComparison.Ordinal)))
        {
            parameter.mul_(1e5);
        }
        model.ComputeType = ScalarType.Float16;

        Assert.True(model.forward(new Samples(model).All()).Logits.isfinite().all().item<bool>());
    }

    private (TaskModel Model, LoadReport Report) Load(Dictionary<string, Tensor> weights, ModelConfig config, HeadKind head)
    {
        string file = _folder.File(CheckpointFolder.WeightsFile);
        SafetensorsWriter.Write(file, weights.Select(item => (item.Key, item.Value)));
        using SafetensorsFile source = SafetensorsFile.Open(file);
        TaskModel model = TaskModel.Create(config.CompletedBy(source), head, Placement.Cpu);
        LoadReport report = CheckpointLoader.Load(model, source, model.MayAdd, [], seed: 1);
        model.eval();
        return (model, report);
    }

    public enum Head
    {
        None,
        Same,
        Other,
    }
}
