using System.Text.Json.Nodes;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Glm.Glm2022;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;

namespace MLNet.Transformers.Tests.Models.Glm;

/// <summary>config.json of the GLM of 2022: defaults, what is refused, the round trip.</summary>
public sealed class Glm2022ConfigTests
{
    // The values that are published with glm-large-chinese.
    private const string LargeChinese =
        """
        {"model_type": "glm", "attention_dropout_prob": 0.1, "attention_scale": 1.0, "block_position_encoding": true, "checkpoint_activations": false,
         "checkpoint_num_layers": 1, "embedding_dropout_prob": 0.1, "hidden_size": 1024, "initializer_range": 0.02, "max_sequence_length": 1024,
         "num_attention_heads": 16, "num_layers": 24, "output_dropout_prob": 0.1, "output_predict": true, "parallel_output": true, "pool_token": "cls",
         "relative_encoding": false, "spell_func": "lstm", "spell_length": null, "vocab_size": 50048}
        """;

    public Glm2022ConfigTests() => NativeBackend.EnsureLoaded();

    [Fact]
    public void LargeChineseHas355MillionParameters()
    {
        using TaskModel model = TaskModel.Create(DecoderNetworks.Parse(LargeChinese), HeadKind.CausalLanguageModel, Placement.Meta);

        // 24 layers of 12·1024² + 13·1024, the vocabulary once, two tables of 1025 positions, the last normalisation.
        Assert.Equal((24L * ((12L * 1024 * 1024) + (13 * 1024))) + (50048L * 1024) + (2 * 1025L * 1024) + (2 * 1024), model.ParameterCount);
    }

    [Fact]
    public void AbsentKeysTakeTheReferencesDefaults()
    {
        Glm2022Config config = Parse("""{"model_type":"glm","max_sequence_length":512}""");

        Assert.Equal(30592, config.VocabularySize);
        Assert.Equal(1024, config.HiddenSize);
        Assert.Equal(24, config.Layers);
        Assert.Equal(16, config.Heads);
        Assert.Equal((512, 513), (config.MaxTokens, config.PositionRows));
        Assert.True(config.HasBlockPositions);
        Assert.Equal((0.1, 0.1, 0.1, 0.1), (config.EmbeddingDropout, config.AttentionDropout, config.OutputDropout, config.HeadDropout));
        Assert.Null(config.ClassifierDropout);
        Assert.Equal(0, config.PaddingId);
        Assert.False(config.HasSegments);
    }

    [Fact]
    public void WithoutBlocksThereIsOnePositionLess() =>
        Assert.Equal(19, Parse(DecoderNetworks.Json(DecoderNetworks.Glm2022, ("block_position_encoding", "false"))).PositionRows);

    [Fact]
    public void TheHeadsDropoutIsItsOwnWhereItIsGiven() =>
        Assert.Equal(0.3, Parse(DecoderNetworks.Json(DecoderNetworks.Glm2022, ("classifier_dropout", "0.3"))).HeadDropout);

    [Theory]
    [InlineData("vocab_size", "0", "at least 1")]
    [InlineData("num_layers", "\"2\"", "a whole number")]
    [InlineData("num_attention_heads", "3", "a divisor of 'hidden_size', which is 20")]
    [InlineData("block_position_encoding", "1", "true or false")]
    [InlineData("relative_encoding", "true", "not supported")]
    [InlineData("pool_token", "\"start\"", "\"cls\"")]
    [InlineData("output_dropout_prob", "1.5", "between 0 and 1")]
    [InlineData("pad_token_id", "37", "an id below 'vocab_size', which is 37")]
    public void AWrongValueIsRefusedByKey(string key, string value, string expected)
    {
        string message = DecoderNetworks.Refused(DecoderNetworks.Json(DecoderNetworks.Glm2022, (key, value)));

        Assert.StartsWith($"'some/config.json': '{key}' is ", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsWrittenReadsTheSame()
    {
        foreach ((string, string?)[] change in ((string, string?)[][])[[], [("block_position_encoding", "false"), ("classifier_dropout", "0.4"), ("pad_token_id", "3")]])
        {
            Glm2022Config config = Parse(DecoderNetworks.Json(DecoderNetworks.Glm2022, change));

            Glm2022Config read = Parse(config.ToJson("GLMModel"));

            Assert.Equal(config.Labels, read.Labels);
            Assert.Equal(Plain(config), Plain(read));
        }

        static Glm2022Config Plain(Glm2022Config config) =>
            config with { Labels = Array.Empty<string>(), Architectures = Array.Empty<string>(), Source = _none };
    }

    private static readonly JsonObject _none = [];

    private static Glm2022Config Parse(string json) => (Glm2022Config)DecoderNetworks.Parse(json);
}
