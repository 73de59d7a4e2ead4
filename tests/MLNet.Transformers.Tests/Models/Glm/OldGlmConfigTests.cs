using System.Text.Json.Nodes;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Glm.ChatGlm1;
using MLNet.Transformers.Models.Glm.Glm2022;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;

namespace MLNet.Transformers.Tests.Models.Glm;

/// <summary>config.json of the GLM of 2022 and of ChatGLM-6B: defaults, what is refused, the round trip.</summary>
public sealed class OldGlmConfigTests
{
    // The values that are published with glm-large-chinese.
    private const string LargeChinese =
        """
        {"model_type": "glm", "attention_dropout_prob": 0.1, "attention_scale": 1.0, "block_position_encoding": true, "checkpoint_activations": false,
         "checkpoint_num_layers": 1, "embedding_dropout_prob": 0.1, "hidden_size": 1024, "initializer_range": 0.02, "max_sequence_length": 1024,
         "num_attention_heads": 16, "num_layers": 24, "output_dropout_prob": 0.1, "output_predict": true, "parallel_output": true, "pool_token": "cls",
         "relative_encoding": false, "spell_func": "lstm", "spell_length": null, "vocab_size": 50048}
        """;

    // The values that are published with chatglm-6b.
    private const string ChatGlm6B =
        """
        {"model_type": "chatglm", "bos_token_id": 130004, "eos_token_id": 130005, "gmask_token_id": 130001, "hidden_size": 4096, "inner_hidden_size": 16384,
         "layernorm_epsilon": 1e-05, "mask_token_id": 130000, "max_sequence_length": 2048, "num_attention_heads": 32, "num_layers": 28, "pad_token_id": 3,
         "position_encoding_2d": true, "pre_seq_len": null, "prefix_projection": false, "quantization_bit": 0, "torch_dtype": "float16", "use_cache": true,
         "vocab_size": 130528}
        """;

    private static readonly JsonObject _none = [];

    public OldGlmConfigTests() => NativeBackend.EnsureLoaded();

    [Theory]
    // 24 layers of 12·1024² + 13·1024, the vocabulary once, two tables of 1025 positions, the last normalisation.
    [InlineData(LargeChinese, (24L * ((12L * 1024 * 1024) + (13 * 1024))) + (50048L * 1024) + (2 * 1025L * 1024) + (2 * 1024))]
    // 28 layers of 12·4096² + 13·4096, the vocabulary twice, the last normalisation.
    [InlineData(ChatGlm6B, (28L * ((12L * 4096 * 4096) + (13 * 4096))) + (2 * 130528L * 4096) + (2 * 4096))]
    public void The_published_network_has_the_published_parameters(string json, long parameters)
    {
        using TaskModel model = TaskModel.Create(DecoderNetworks.Parse(json), HeadKind.CausalLanguageModel, Placement.Meta);

        Assert.Equal(parameters, model.ParameterCount);
    }

    [Fact]
    public void Absent_keys_take_the_defaults_of_2022()
    {
        var config = (Glm2022Config)DecoderNetworks.Parse("""{"model_type":"glm","max_sequence_length":512}""");

        Assert.Equal(30592, config.VocabularySize);
        Assert.Equal((1024, 24, 16), (config.HiddenSize, config.Layers, config.Heads));
        Assert.Equal((512, 513), (config.MaxTokens, config.PositionRows));
        Assert.True(config.HasBlockPositions);
        Assert.Equal((0.1, 0.1, 0.1, 0.1), (config.EmbeddingDropout, config.AttentionDropout, config.OutputDropout, config.HeadDropout));
        Assert.Null(config.ClassifierDropout);
        Assert.Equal((0, false), (config.PaddingId, config.HasSegments));
    }

    [Fact]
    public void Absent_keys_take_the_defaults_of_ChatGlm6B()
    {
        var config = (ChatGlm1Config)DecoderNetworks.Parse("""{"model_type":"chatglm","inner_hidden_size":16384}""");

        Assert.Equal((150528, 4096), (config.VocabularySize, config.HiddenSize));
        Assert.Equal((28, 32, 128), (config.Layers, config.Heads, config.HeadWidth));
        Assert.Equal((2048, 1e-5), (config.MaxTokens, config.NormEpsilon));
        Assert.Equal((150004, 150000, 150001, 0), (config.StartId, config.MaskId, config.EndMaskId, config.PaddingId));
        Assert.Equal((false, false), (config.TiedEmbeddings, config.HasSegments));
    }

    [Fact]
    public void Without_blocks_there_is_one_position_less() =>
        Assert.Equal(19, ((Glm2022Config)DecoderNetworks.Parse(DecoderNetworks.Json(DecoderNetworks.Glm2022, ("block_position_encoding", "false")))).PositionRows);

    [Fact]
    public void The_heads_dropout_is_its_own_where_it_is_given() =>
        Assert.Equal(0.3, ((Glm2022Config)DecoderNetworks.Parse(DecoderNetworks.Json(DecoderNetworks.Glm2022, ("classifier_dropout", "0.3")))).HeadDropout);

    [Theory]
    [InlineData(DecoderNetworks.Glm2022, "vocab_size", "0", "at least 1")]
    [InlineData(DecoderNetworks.Glm2022, "num_layers", "\"2\"", "a whole number")]
    [InlineData(DecoderNetworks.Glm2022, "num_attention_heads", "3", "a divisor of 'hidden_size', which is 20")]
    [InlineData(DecoderNetworks.Glm2022, "block_position_encoding", "1", "true or false")]
    [InlineData(DecoderNetworks.Glm2022, "relative_encoding", "true", "not supported")]
    [InlineData(DecoderNetworks.Glm2022, "pool_token", "\"start\"", "\"cls\"")]
    [InlineData(DecoderNetworks.Glm2022, "output_dropout_prob", "1.5", "between 0 and 1")]
    [InlineData(DecoderNetworks.Glm2022, "pad_token_id", "37", "an id below 'vocab_size', which is 37")]
    [InlineData(DecoderNetworks.ChatGlm6B, "inner_hidden_size", "0", "at least 1")]
    [InlineData(DecoderNetworks.ChatGlm6B, "num_attention_heads", "5", "a divisor of 'hidden_size', which is 24")]
    [InlineData(DecoderNetworks.ChatGlm6B, "num_attention_heads", "4", "a multiple of 4")]
    [InlineData(DecoderNetworks.ChatGlm6B, "position_encoding_2d", "false", "not supported")]
    [InlineData(DecoderNetworks.ChatGlm6B, "pre_seq_len", "128", "P-tuning")]
    [InlineData(DecoderNetworks.ChatGlm6B, "quantization_bit", "4", "not supported")]
    [InlineData(DecoderNetworks.ChatGlm6B, "layernorm_epsilon", "-1", "a number between")]
    [InlineData(DecoderNetworks.ChatGlm6B, "tie_word_embeddings", "1", "true or false")]
    [InlineData(DecoderNetworks.ChatGlm6B, "pad_token_id", "37", "an id below 'vocab_size', which is 37")]
    public void A_wrong_value_is_refused_by_key(string row, string key, string value, string expected)
    {
        string message = DecoderNetworks.Refused(DecoderNetworks.Json(row, (key, value)));

        Assert.StartsWith($"'some/config.json': '{key}' is ", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DecoderNetworks.Glm2022, "{}")]
    [InlineData(DecoderNetworks.Glm2022, """{"block_position_encoding":false,"classifier_dropout":0.4,"pad_token_id":3}""")]
    [InlineData(DecoderNetworks.ChatGlm6B, "{}")]
    [InlineData(DecoderNetworks.ChatGlm6B, """{"tie_word_embeddings":true,"bos_token_id":9,"pad_token_id":3}""")]
    public void What_is_written_reads_the_same(string row, string changes)
    {
        ModelConfig config = DecoderNetworks.Parse(DecoderNetworks.Json(row, [.. JsonNode.Parse(changes)!.AsObject().Select(item => (item.Key, item.Value?.ToJsonString()))]));

        ModelConfig read = DecoderNetworks.Parse(config.ToJson("Some"));

        Assert.Equal(config.Labels, read.Labels);
        Assert.Equal(Plain(config), Plain(read));

        static ModelConfig Plain(ModelConfig config) => config with { Labels = Array.Empty<string>(), Architectures = Array.Empty<string>(), Source = _none };
    }
}
