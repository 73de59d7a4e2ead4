using System.Text.Json.Nodes;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Glm.ChatGlm1;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;

namespace MLNet.Transformers.Tests.Models.Glm;

/// <summary>config.json of ChatGLM-6B: defaults, what is refused, the round trip.</summary>
public sealed class ChatGlm1ConfigTests
{
    // The values that are published with chatglm-6b.
    private const string ChatGlm6B =
        """
        {"model_type": "chatglm", "bos_token_id": 130004, "eos_token_id": 130005, "gmask_token_id": 130001, "hidden_size": 4096, "inner_hidden_size": 16384,
         "layernorm_epsilon": 1e-05, "mask_token_id": 130000, "max_sequence_length": 2048, "num_attention_heads": 32, "num_layers": 28, "pad_token_id": 3,
         "position_encoding_2d": true, "pre_seq_len": null, "prefix_projection": false, "quantization_bit": 0, "torch_dtype": "float16", "use_cache": true,
         "vocab_size": 130528}
        """;

    public ChatGlm1ConfigTests() => NativeBackend.EnsureLoaded();

    [Fact]
    public void ThePublishedNetworkHasSixBillionParameters()
    {
        using TaskModel model = TaskModel.Create(DecoderNetworks.Parse(ChatGlm6B), HeadKind.CausalLanguageModel, Placement.Meta);

        // 28 layers of 12·4096² + 13·4096, the vocabulary twice, the last normalisation.
        Assert.Equal((28L * ((12L * 4096 * 4096) + (13 * 4096))) + (2 * 130528L * 4096) + (2 * 4096), model.ParameterCount);
    }

    [Fact]
    public void AbsentKeysTakeTheReferencesDefaults()
    {
        ChatGlm1Config config = Parse("""{"model_type":"chatglm","inner_hidden_size":16384}""");

        Assert.Equal(150528, config.VocabularySize);
        Assert.Equal(4096, config.HiddenSize);
        Assert.Equal((28, 32, 128), (config.Layers, config.Heads, config.HeadWidth));
        Assert.Equal(2048, config.MaxTokens);
        Assert.Equal(1e-5, config.NormEpsilon);
        Assert.Equal((150004, 150000, 150001, 0), (config.StartId, config.MaskId, config.EndMaskId, config.PaddingId));
        Assert.False(config.TiedEmbeddings);
        Assert.False(config.HasSegments);
    }

    [Theory]
    [InlineData("inner_hidden_size", "0", "at least 1")]
    [InlineData("num_attention_heads", "5", "a divisor of 'hidden_size', which is 24")]
    [InlineData("num_attention_heads", "4", "a multiple of 4")]
    [InlineData("position_encoding_2d", "false", "not supported")]
    [InlineData("pre_seq_len", "128", "P-tuning")]
    [InlineData("quantization_bit", "4", "not supported")]
    [InlineData("layernorm_epsilon", "-1", "a number between")]
    [InlineData("tie_word_embeddings", "1", "true or false")]
    [InlineData("pad_token_id", "37", "an id below 'vocab_size', which is 37")]
    public void AWrongValueIsRefusedByKey(string key, string value, string expected)
    {
        string message = DecoderNetworks.Refused(DecoderNetworks.Json(DecoderNetworks.ChatGlm6B, (key, value)));

        Assert.StartsWith($"'some/config.json': '{key}' is ", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsWrittenReadsTheSame()
    {
        foreach ((string, string?)[] change in ((string, string?)[][])[[], [("tie_word_embeddings", "true"), ("bos_token_id", "9"), ("pad_token_id", "3")]])
        {
            ChatGlm1Config config = Parse(DecoderNetworks.Json(DecoderNetworks.ChatGlm6B, change));

            ChatGlm1Config read = Parse(config.ToJson("ChatGLMModel"));

            Assert.Equal(config.Labels, read.Labels);
            Assert.Equal(Plain(config), Plain(read));
        }

        static ChatGlm1Config Plain(ChatGlm1Config config) =>
            config with { Labels = Array.Empty<string>(), Architectures = Array.Empty<string>(), Source = _none };
    }

    private static readonly JsonObject _none = [];

    private static ChatGlm1Config Parse(string json) => (ChatGlm1Config)DecoderNetworks.Parse(json);
}
