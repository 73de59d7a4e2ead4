using System.Text.Json.Nodes;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Glm.ChatGlm1;
using MLNet.Transformers.Models.Glm.ChatGlm2;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;

namespace MLNet.Transformers.Tests.Models;

public sealed class ChatGlm2ConfigTests
{
    // The values that are published with chatglm3-6b.
    private const string ChatGlm3 =
        """
        {"model_type": "chatglm", "add_bias_linear": false, "add_qkv_bias": true, "apply_query_key_layer_scaling": true,
         "apply_residual_connection_post_layernorm": false, "attention_dropout": 0.0, "attention_softmax_in_fp32": true, "bias_dropout_fusion": true,
         "ffn_hidden_size": 13696, "fp32_residual_connection": false, "hidden_dropout": 0.0, "hidden_size": 4096, "kv_channels": 128,
         "layernorm_epsilon": 1e-05, "multi_query_attention": true, "multi_query_group_num": 2, "num_attention_heads": 32, "num_layers": 28,
         "original_rope": true, "padded_vocab_size": 65024, "post_layer_norm": true, "rmsnorm": true, "seq_length": 8192, "use_cache": true,
         "torch_dtype": "float16", "tie_word_embeddings": false, "eos_token_id": 2, "pad_token_id": 0}
        """;

    public ChatGlm2ConfigTests() => NativeBackend.EnsureLoaded();

    [Fact]
    public void ChatGLM3_has_as_many_parameters_as_were_published()
    {
        using TaskModel model = TaskModel.Create(DecoderNetworks.Parse(ChatGlm3), HeadKind.CausalLanguageModel, Placement.Meta);

        Assert.Equal(6_243_584_000, model.ParameterCount);
        Assert.Equal("transformer.rotary_pos_emb.inv_freq", Assert.Single(model.NamedBuffers).Name);
        Assert.Equal([32L], model.NamedBuffers[0].Buffer.shape);
    }

    [Fact]
    public void Absent_keys_take_the_references_defaults()
    {
        ChatGlm2Config config = Parse("""{"model_type":"chatglm","padded_vocab_size":65024}""");

        Assert.Equal(new AttentionShape(4096, 32, 32, 128), config.Attention);
        Assert.Null(config.KeyValueHeads);
        Assert.Equal(28, config.Layers);
        Assert.Equal(13696, config.IntermediateSize);
        Assert.Equal(2048, config.MaxPositions);
        Assert.Equal(2048, config.MaxTokens);
        Assert.Equal(1e-5, config.NormEpsilon);
        Assert.True(config.HasRmsNorm);
        Assert.True(config.HasFinalNorm);
        Assert.False(config.HasNormalizedResidual);
        Assert.False(config.LinearBias);
        Assert.False(config.AttentionBias);
        Assert.Equal(1, config.RotaryRatio);
        Assert.Equal((0, 0, 0), (config.AttentionDropout, config.HiddenDropout, config.ClassifierDropout));
        Assert.Equal(0, config.PaddingId);
        Assert.False(config.HasSegments);
    }

    [Theory]
    [InlineData("padded_vocab_size", "\"1\"", "a whole number")]
    [InlineData("multi_query_group_num", "3", "a divisor of 'num_attention_heads', which is 4")]
    [InlineData("kv_channels", "1", "at least 2")]
    [InlineData("original_rope", "false", "not supported")]
    [InlineData("pre_seq_len", "128", "P-tuning")]
    [InlineData("quantization_bit", "4", "not supported")]
    [InlineData("rope_ratio", "0", "a number between")]
    [InlineData("rmsnorm", "1", "true or false")]
    [InlineData("pad_token_id", "37", "an id below 'padded_vocab_size', which is 37")]
    [InlineData("hidden_dropout", "1.5", "between 0 and 1")]
    public void A_wrong_value_is_refused_by_key(string key, string value, string expected)
    {
        string message = DecoderNetworks.Refused(DecoderNetworks.Json(DecoderNetworks.ChatGlm, (key, value)));

        Assert.StartsWith($"'some/config.json': '{key}' is ", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pre_seq_len", "null")]
    [InlineData("quantization_bit", "0")]
    [InlineData("classifier_dropout", "null")]
    public void What_is_switched_off_is_read(string key, string value) =>
        Assert.Equal(20, Parse(DecoderNetworks.Json(DecoderNetworks.ChatGlm, (key, value))).HiddenSize);

    [Fact]
    public void The_ratio_raises_the_base()
    {
        ChatGlm2Config config = Parse(DecoderNetworks.Json(DecoderNetworks.ChatGlm, ("rope_ratio", "500"), ("kv_channels", "16")));
        using var scope = TorchSharp.torch.NewDisposeScope();

        // Position 1, the second of four pairs of the first half: 5,000,000^(-2/8).
        float cosine = config.Rotary.At(TorchSharp.torch.tensor([1L], [1, 1]), TorchSharp.torch.ScalarType.Float32).Cosine[0, 0, 0, 1].item<float>();

        Assert.Equal(Math.Cos(Math.Pow(5e6, -0.25)), cosine, 1e-6);
    }

    [Fact]
    public void ChatGLM_6B_is_not_taken_for_it()
    {
        Assert.IsType<ChatGlm1Config>(DecoderNetworks.Parse("""{"model_type":"chatglm","inner_hidden_size":64,"position_encoding_2d":true}"""));
        Assert.IsType<ChatGlm2Config>(DecoderNetworks.Parse("""{"model_type":"chatglm","multi_query_attention":true,"multi_query_group_num":2}"""));
    }

    [Fact]
    public void What_is_written_reads_the_same()
    {
        foreach ((string, string?)[] change in ((string, string?)[][])
            [[], [("multi_query_attention", "false"), ("add_bias_linear", "true"), ("rmsnorm", "false"), ("rope_ratio", "50"), ("post_layer_norm", "false")]])
        {
            ChatGlm2Config config = Parse(DecoderNetworks.Json(DecoderNetworks.ChatGlm, change));

            ChatGlm2Config read = Parse(config.ToJson("ChatGLMModel"));

            Assert.Equal(config.Labels, read.Labels);
            Assert.Equal(Plain(config), Plain(read));
        }

        static ChatGlm2Config Plain(ChatGlm2Config config) =>
            config with { Labels = Array.Empty<string>(), Architectures = Array.Empty<string>(), Source = _none };
    }

    private static readonly JsonObject _none = [];

    private static ChatGlm2Config Parse(string json) => (ChatGlm2Config)DecoderNetworks.Parse(json);
}
