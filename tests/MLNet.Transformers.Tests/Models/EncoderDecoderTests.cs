using System.Text;
using System.Text.Json.Nodes;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Checkpoints.Safetensors;
using MLNet.Transformers.Models.EncoderDecoder;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Tests.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Models;

/// <summary>Encoder-decoders made of two BERTs: their config, and how one checkpoint of BERT begins both halves.</summary>
public sealed class EncoderDecoderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope;

    public EncoderDecoderTests()
    {
        NativeBackend.EnsureLoaded();
        _scope = NewDisposeScope();
    }

    public static TheoryData<HeadKind> BertHeads => [.. new MLNet.Transformers.Models.Bert.BertArchitecture().Heads.Select(head => head.Kind)];

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("", "decoder_start_token_id", "37", "an id below the decoder's 'vocab_size', which is 37")]
    [InlineData("", "decoder_start_token_id", "null", "the id that the decoder's input begins with")]
    [InlineData("", "pad_token_id", "-1", "an id below the decoder's 'vocab_size', which is 37")]
    [InlineData("", "encoder", "null", "an object: the config of that half")]
    [InlineData("", "decoder", "[]", "an object: the config of that half")]
    [InlineData("", "tie_encoder_decoder", "true", "false: halves that share their weights are not supported")]
    [InlineData("encoder", "hidden_size", "16.5", "a whole number")]
    [InlineData("encoder", "is_decoder", "true", "false: BERT as a decoder is not supported outside of an encoder-decoder")]
    [InlineData("encoder", "model_type", "\"bart\"", "'bert' or 'roberta'")]
    [InlineData("decoder", "model_type", "\"roberta\"", "'bert', which decoders must be")]
    [InlineData("decoder", "is_decoder", "false", "true: the decoder of an encoder-decoder")]
    [InlineData("decoder", "add_cross_attention", "false", "true: the decoder of an encoder-decoder")]
    [InlineData("decoder", "cross_attention_hidden_size", "15", "null: the encoder's vectors are projected")]
    public void A_wrong_value_is_refused_by_key(string half, string key, string value, string expected)
    {
        JsonObject json = JsonNode.Parse(SmallConfigs.Rows["encoder-decoder"])!.AsObject();
        (half.Length == 0 ? json : json[half]!.AsObject())[key] = JsonNode.Parse(value);

        CheckpointException error = Assert.Throws<CheckpointException>(() => Parse(json.ToJsonString()));

        Assert.StartsWith(half.Length == 0 ? $"'config.json': '{key}' is " : $"'config.json, {half}': '{key}' is ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_written_reads_the_same()
    {
        var config = (EncoderDecoderConfig)Networks.Config("encoder-decoder", ("num_beams", 4));

        EncoderDecoderConfig read = Parse(config.ToJson("EncoderDecoderModel"));

        Assert.Equal(Plain(config.Encoder), Plain(read.Encoder));
        Assert.Equal(Plain(config.Decoder), Plain(read.Decoder));
        Assert.Equal((4, 5, 0, 19), (read.DecoderStartId, read.EndId, read.PaddingId, read.MaxTokens));
        Assert.Equal(4, read.Source["num_beams"]!.GetValue<int>());

        static BertConfig Plain(BertConfig config) => config with { Labels = Array.Empty<string>(), Architectures = Array.Empty<string>(), Source = _none };
    }

    [Fact]
    public void Where_nothing_says_how_a_decoder_begins_the_beginning_of_texts_does() =>
        Assert.Equal(6, Parse(Networks.Json("encoder-decoder", ("decoder_start_token_id", null), ("bos_token_id", 6))).DecoderStartId);

    [Fact]
    public void Plain_BERTs_are_no_decoders()
    {
        using TaskModel model = TaskModel.Create(Networks.Config(), HeadKind.MaskedLanguageModel, Placement.Meta);

        Assert.Equal(0, model.Backbone.CachedLayers);
        Assert.DoesNotContain(model.NamedParameters, item => item.Name.Contains("crossattention", StringComparison.Ordinal));
    }

    [Fact]
    public void Halves_of_one_width_need_no_projection()
    {
        EncoderDecoderConfig config = WarmStart.Config(Networks.Config(), start: 1, end: 2);
        using TaskModel same = TaskModel.Create(config, HeadKind.SequenceToSequence, Placement.Meta);
        using TaskModel other = TaskModel.Create(Networks.Config("encoder-decoder"), HeadKind.SequenceToSequence, Placement.Meta);

        Assert.DoesNotContain(same.NamedParameters, item => item.Name.StartsWith("enc_to_dec_proj", StringComparison.Ordinal));
        Assert.Equal([12L, 15], other.NamedParameters.Single(item => item.Name == "enc_to_dec_proj.weight").Parameter.shape);
    }

    [Fact]
    public void Padding_in_labels_is_hidden_from_the_decoder()
    {
        using TaskModel model = TaskModel.Create(Networks.Config("encoder-decoder"), HeadKind.SequenceToSequence, Placement.Meta);
        TokenBatch target = model.TargetOf(tensor([7L, 8, -100, -100], [1, 4]));

        Assert.Equal([4, 7, 8, 0], Networks.Values(target.Ids));
        Assert.Equal([1, 1, 1, 0], Networks.Values(target.Mask!));
    }

    [Fact]
    public void A_target_is_needed()
    {
        using TaskModel model = Networks.Create("encoder-decoder", HeadKind.SequenceToSequence);

        Assert.Contains("needs a target", Assert.Throws<ArgumentException>(() => Networks.Forward(model, new TokenBatch(ones(1, 3, ScalarType.Int64)))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(BertHeads))]
    public void Both_halves_begin_as_the_checkpoint(HeadKind head)
    {
        using TaskModel bert = Networks.Create(head);
        (TaskModel model, LoadReport report) = Begin(bert);
        Dictionary<string, float[]> begun = Weights(model);

        foreach ((string name, float[] values) in Weights(bert))
        {
            string inner = name.StartsWith("bert.", StringComparison.Ordinal) ? name["bert.".Length..] : name;
            string[] filled = inner.Split('.') switch
            {
                ["embeddings" or "encoder", ..] => [$"encoder.{inner}", $"decoder.bert.{inner}"],
                ["pooler", ..] => [$"encoder.{inner}"],
                ["cls", "predictions", ..] => [$"decoder.{inner}"],
                _ => [],
            };
            Assert.All(filled, part => Assert.Equal(values, begun[part]));
            Assert.Equal(filled.Length == 0, report.Ignored.Contains(name));
        }
        Assert.All(begun.Keys.Where(name => name.Contains("crossattention", StringComparison.Ordinal)), name => Assert.Contains(name, report.Added));
        Assert.All(report.Added, name => Assert.True(
            name.Contains(".crossattention.", StringComparison.Ordinal) || (name.StartsWith("decoder.cls.", StringComparison.Ordinal) && !HasPredictions(head))
            || name.StartsWith("encoder.pooler.", StringComparison.Ordinal), name));
        Assert.Equal(HasPredictions(head), !report.Added.Any(name => name.StartsWith("decoder.cls.", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_encoder_gives_what_BERT_gives()
    {
        using TaskModel bert = Networks.Create(HeadKind.None);
        TokenBatch batch = new Samples(bert).All();
        float[] expected = Networks.Values(Networks.Forward(bert, batch).Logits);

        HeadOutput output = Networks.Forward(Begin(bert).Model, batch with { Target = new TokenBatch(ones(8, 1, ScalarType.Int64)) });

        Networks.AssertClose(expected, Networks.Values(output.SourceTokens!), 2e-6);
    }

    [Fact]
    public void Cross_attention_is_drawn_anew()
    {
        using TaskModel bert = Networks.Create(HeadKind.None);
        (TaskModel first, _) = Begin(bert);
        (TaskModel second, _) = Begin(bert, seed: 2);
        const string Name = "decoder.bert.encoder.layer.1.crossattention.self.query.weight";

        Assert.NotEqual(Weights(first)[Name], Weights(second)[Name]);
        Assert.NotEqual(Weights(first)[Name], Weights(bert)["encoder.layer.1.attention.self.query.weight"]);
        // As the reference draws: normal, nothing cut off, with the config's deviation of 0.2.
        Assert.InRange(Math.Sqrt(Weights(first)[Name].Average(value => value * value)), 0.185, 0.215);
        Assert.Contains(Weights(first)[Name], value => Math.Abs(value) > 2 * 0.2);
        Assert.All(Weights(first)["decoder.bert.encoder.layer.1.crossattention.output.LayerNorm.weight"], value => Assert.Equal(1, value));
    }

    [Fact]
    public void Names_of_the_first_release_are_read()
    {
        using TaskModel bert = Networks.Create(HeadKind.MaskedLanguageModel);
        EncoderDecoderConfig config = WarmStart.Config((BertConfig)bert.Config, start: 1, end: 2);
        TaskModel model = TaskModel.Create(config, HeadKind.SequenceToSequence, Placement.Cpu);
        SafetensorsWriter.Write(_folder.File("old"), bert.StoredTensors().Select(item => (
            item.Name.Replace("LayerNorm.weight", "LayerNorm.gamma", StringComparison.Ordinal).Replace("LayerNorm.bias", "LayerNorm.beta", StringComparison.Ordinal), item.Tensor)));
        using SafetensorsFile file = SafetensorsFile.Open(_folder.File("old"));

        LoadReport report = WarmStart.Load(model, file, seed: 1);

        Assert.DoesNotContain(report.Added, name => !name.Contains("crossattention", StringComparison.Ordinal) && !name.StartsWith("encoder.pooler.", StringComparison.Ordinal));
    }

    [Fact]
    public void A_pooler_of_the_decoder_is_left_aside()
    {
        const string Pooler = "decoder.bert.pooler.dense.weight";
        using TaskModel written = Networks.Create("encoder-decoder", HeadKind.SequenceToSequence);
        string path = _folder.File(CheckpointFolder.WeightsFile);
        SafetensorsWriter.Write(path, written.StoredTensors().Append((Pooler, ones(12, 12))));
        using TaskModel model = TaskModel.Create(written.Config, HeadKind.SequenceToSequence, Placement.Cpu);
        using SafetensorsFile source = SafetensorsFile.Open(path);

        Assert.Equal([Pooler], CheckpointLoader.Load(model, source, [], [], seed: 1).Ignored);
    }

    [Fact]
    public void What_a_BERT_lacks_is_named()
    {
        using TaskModel bert = Networks.Create(HeadKind.None);
        TaskModel model = TaskModel.Create(WarmStart.Config((BertConfig)bert.Config, start: 1, end: 2), HeadKind.SequenceToSequence, Placement.Cpu);
        SafetensorsWriter.Write(_folder.File("x"), bert.StoredTensors().Where(item => item.Name != "encoder.layer.1.output.dense.bias"));
        using SafetensorsFile file = SafetensorsFile.Open(_folder.File("x"));

        CheckpointException error = Assert.Throws<CheckpointException>(() => WarmStart.Load(model, file, seed: 1));

        Assert.Contains("missing (2): encoder.encoder.layer.1.output.dense.bias; decoder.bert.encoder.layer.1.output.dense.bias", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_RoBERTa_is_refused() => Assert.Contains(
        "this one is 'roberta'", Assert.Throws<NotSupportedException>(() => WarmStart.Config((BertConfig)Networks.Config("roberta"), 1, 2)).Message, StringComparison.Ordinal);

    private static readonly JsonObject _none = [];

    private static bool HasPredictions(HeadKind head) => head is HeadKind.MaskedLanguageModel or HeadKind.Pretraining;

    private static Dictionary<string, float[]> Weights(TaskModel model) => model.StoredTensors().ToDictionary(item => item.Name, item => Networks.Values(item.Tensor));

    private static EncoderDecoderConfig Parse(string json) => (EncoderDecoderConfig)ModelConfig.Parse(Encoding.UTF8.GetBytes(json), "config.json");

    private (TaskModel Model, LoadReport Report) Begin(TaskModel bert, int seed = 1)
    {
        TaskModel model = TaskModel.Create(WarmStart.Config((BertConfig)bert.Config, start: 1, end: 2), HeadKind.SequenceToSequence, Placement.Cpu);
        SafetensorsWriter.Write(_folder.File("bert"), bert.StoredTensors());
        using SafetensorsFile file = SafetensorsFile.Open(_folder.File("bert"));
        LoadReport report = WarmStart.Load(model, file, seed);
        model.eval();
        return (model, report);
    }
}
