using System.Text.Json.Nodes;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Decoders;
using MLNet.Transformers.Models.Glm.Glm2022;
using MLNet.Transformers.Models.Glm.Glm4;
using MLNet.Transformers.Models.Llama;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;

namespace MLNet.Transformers.Tests.Models;

/// <summary>config.json of LLaMA and GLM-4: defaults, spellings, what is refused.</summary>
public sealed class DecoderConfigTests
{
    public DecoderConfigTests() => NativeBackend.EnsureLoaded();

    [Fact]
    public void Absent_keys_take_LLaMAs_defaults()
    {
        LlamaConfig config = Llama("""{"model_type":"llama"}""");

        Assert.Equal(32000, config.VocabularySize);
        Assert.Equal(4096, config.HiddenSize);
        Assert.Equal(32, config.Layers);
        Assert.Equal(32, config.Heads);
        Assert.Null(config.KeyValueHeads);
        Assert.Null(config.HeadWidth);
        Assert.Equal(new AttentionShape(4096, 32, 32, 128), config.Attention);
        Assert.Equal(11008, config.IntermediateSize);
        Assert.Equal("silu", config.Activation);
        Assert.Equal(0, config.AttentionDropout);
        Assert.Equal(0.1, config.ClassifierDropout);
        Assert.False(config.AttentionBias);
        Assert.False(config.MlpBias);
        Assert.Equal(2048, config.MaxPositions);
        Assert.Equal(2048, config.MaxTokens);
        Assert.Equal(1e-6, config.RmsNormEpsilon);
        Assert.Equal(10000, config.RotaryBase);
        Assert.Equal(RotarySettings.Default(1), config.Rotary);
        Assert.False(config.TiedEmbeddings);
        Assert.Null(config.PadTokenId);
        Assert.Equal(0, config.PaddingId);
        Assert.Equal(0.02, config.InitializerRange);
        Assert.False(config.HasSegments);
    }

    [Theory]
    [InlineData("glm", false)]
    [InlineData("glm4", true)]
    public void Absent_keys_take_GLMs_defaults(string type, bool sandwich)
    {
        var config = (Glm4Config)DecoderNetworks.Parse($$"""{"model_type":"{{type}}"}""");

        Assert.Equal(type, config.ModelType);
        Assert.Equal(sandwich, config.HasSandwichNorms);
        Assert.Equal(151552, config.VocabularySize);
        Assert.Equal(new AttentionShape(4096, 32, 2, 128), config.Attention);
        Assert.Equal(40, config.Layers);
        Assert.Equal(13696, config.IntermediateSize);
        Assert.True(config.AttentionBias);
        Assert.Equal(131072, config.MaxPositions);
        Assert.Equal(1.5625e-7, config.RmsNormEpsilon);
        Assert.Equal(151329, config.PadTokenId);
        Assert.Equal(RotarySettings.Default(0.5), config.Rotary);
    }

    public static TheoryData<string, string, string> WrongValues => new()
    {
        { "hidden_size", "\"12\"", "a whole number" },
        { "num_hidden_layers", "0", "at least 1" },
        { "num_key_value_heads", "2", "a divisor of 'num_attention_heads', which is 3" },
        { "num_key_value_heads", "0", "at least 1" },
        { "head_dim", "1.5", "a whole number" },
        { "head_dim", "7", "makes pairs" },
        { "head_dim", "null", "a divisor of" },
        { "hidden_act", "\"softplus\"", "one of 'gelu'," },
        { "rms_norm_eps", "-1", "between 0" },
        { "attention_bias", "1", "true or false" },
        { "mlp_bias", "1", "true or false" },
        { "pad_token_id", "37", "an id below 'vocab_size', which is 37" },
        { "pad_token_id", "-38", "an id below 'vocab_size', which is 37" },
        { "attention_dropout", "2", "between 0 and 1" },
        { "rope_theta", "0", "between 1" },
        { "rope_scaling", "7", "an object" },
        { "partial_rotary_factor", "0.5", "LLaMA turns whole heads" },
    };

    [Theory]
    [MemberData(nameof(WrongValues))]
    public void A_wrong_value_is_refused_by_key(string key, string value, string expected)
    {
        string message = DecoderNetworks.Refused(DecoderNetworks.Json(DecoderNetworks.Llama, ("hidden_size", "17"), (key, value)));

        Assert.StartsWith($"'some/config.json': '{(value == "null" ? "num_attention_heads" : key)}' is ", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    public static TheoryData<string, string, string> WrongScalings => new()
    {
        { """{"rope_type":"longrope","short_factor":[1],"long_factor":[1]}""", "short_factor", "not supported" },
        { """{"rope_type":"longrope"}""", "rope_type", "one of 'default', 'linear', 'dynamic', 'yarn', 'llama3'" },
        { """{"rope_type":"proportional"}""", "rope_type", "others are not supported" },
        { """{"type":"su"}""", "type", "others are not supported" },
        { """{"rope_type":"default","mrope_section":[1,2]}""", "mrope_section", "not supported" },
        { """{"rope_type":"linear"}""", "factor", "a number above 0" },
        { """{"rope_type":"linear","factor":0}""", "factor", "a number between" },
        { """{"rope_type":"dynamic","factor":"2"}""", "factor", "a number" },
        { """{"rope_type":"llama3","factor":8,"high_freq_factor":4}""", "low_freq_factor", "a number above 0" },
        { """{"rope_type":"llama3","factor":8,"low_freq_factor":1}""", "high_freq_factor", "a number above 0" },
        { """{"rope_type":"yarn","factor":2,"original_max_position_embeddings":0}""", "original_max_position_embeddings", "at least 1" },
        { """{"rope_type":"yarn","factor":2,"truncate":3}""", "truncate", "true or false" },
        { """{"rope_type":7}""", "rope_type", "a string" },
    };

    [Theory]
    [MemberData(nameof(WrongScalings))]
    public void A_wrong_scaling_is_refused_by_key(string scaling, string key, string expected)
    {
        foreach (string section in (string[])["rope_scaling", "rope_parameters"])
        {
            string message = DecoderNetworks.Refused(DecoderNetworks.Json(DecoderNetworks.Llama, (section, scaling)));

            Assert.StartsWith($"'some/config.json, {section}': '{key}' is ", message, StringComparison.Ordinal);
            Assert.Contains(expected, message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{"type":"linear","factor":4}""", """{"rope_type":"linear","factor":4}""")]
    [InlineData("""{"type":"dynamic","factor":2}""", """{"rope_type":"dynamic","factor":2}""")]
    [InlineData("""{"type":"yarn","factor":2,"finetuned":true}""", """{"rope_type":"yarn","factor":2,"beta_fast":null,"beta_slow":0,"attention_factor":null,"truncate":true}""")]
    [InlineData("null", """{"rope_type":"default"}""")]
    [InlineData("{}", "{}")]
    public void Both_spellings_say_the_same(string old, string @new)
    {
        LlamaConfig first = Llama(DecoderNetworks.Json(DecoderNetworks.Llama, ("rope_scaling", old)));
        JsonObject parameters = JsonNode.Parse(@new)!.AsObject();
        parameters["rope_theta"] = 500;
        LlamaConfig second = Llama(DecoderNetworks.Json(DecoderNetworks.Llama, ("rope_theta", null), ("rope_parameters", parameters.ToJsonString())));

        Assert.Equal(first.Rotary, second.Rotary);
        Assert.Equal(500, second.RotaryBase);
    }

    [Fact]
    public void The_older_spelling_goes_first_and_the_sections_values_before_those_beside_it()
    {
        LlamaConfig config = Llama(DecoderNetworks.Json(
            DecoderNetworks.Llama, ("rope_scaling", """{"rope_type":"linear","factor":4,"rope_theta":77}"""), ("rope_parameters", """{"rope_type":"default"}""")));

        Assert.Equal(new RotarySettings(77, 1, new LinearRotaryScaling(4)), config.Rotary);
    }

    [Theory]
    [InlineData("""{"rope_type":"yarn","factor":4}""", 4, 19, 1.13862943)]
    [InlineData("""{"rope_type":"yarn","factor":4,"original_max_position_embeddings":8}""", 4, 8, 1.13862943)]
    [InlineData("""{"rope_type":"yarn","factor":null,"original_max_position_embeddings":8}""", 2.375, 8, 1.0865)]
    [InlineData("""{"rope_type":"yarn","factor":4,"attention_factor":0.5}""", 4, 19, 0.5)]
    [InlineData("""{"rope_type":"yarn","factor":4,"mscale":1,"mscale_all_dim":0.5}""", 4, 19, 1.06482)]
    [InlineData("""{"rope_type":"yarn","factor":4,"mscale":0.5}""", 4, 19, 1.13862943)]
    public void YaRNs_defaults_follow_from_each_other(string scaling, double factor, int original, double attention)
    {
        var yarn = (YarnRotaryScaling)Llama(DecoderNetworks.Json(DecoderNetworks.Llama, ("rope_parameters", scaling))).Rotary.Scaling;

        Assert.Equal((factor, original, 32.0, 1.0, true), (yarn.Factor, yarn.OriginalPositions, yarn.BetaFast, yarn.BetaSlow, yarn.Truncate));
        Assert.Equal(attention, yarn.Attention, 1e-4);
    }

    [Fact]
    public void Original_positions_beside_the_section_go_first()
    {
        string json = DecoderNetworks.Json(
            DecoderNetworks.Llama, ("original_max_position_embeddings", "11"), ("rope_scaling", """{"rope_type":"yarn","factor":4,"original_max_position_embeddings":8}"""));

        Assert.Equal(11, ((YarnRotaryScaling)Llama(json).Rotary.Scaling).OriginalPositions);
    }

    [Fact]
    public void A_text_that_stretches_its_own_base_has_no_limit() =>
        Assert.Null(Llama(DecoderNetworks.Json(DecoderNetworks.Llama, ("rope_scaling", """{"type":"dynamic","factor":2}"""))).MaxTokens);

    [Theory]
    [InlineData(DecoderNetworks.Null, null, null, 0)]
    [InlineData("-1", -1, 36, 0)]
    [InlineData("5", 5, 5, 5)]
    public void There_need_be_no_padding(string written, int? id, int? row, int filler)
    {
        LlamaConfig config = Llama(DecoderNetworks.Json(DecoderNetworks.Llama, ("pad_token_id", written)));

        Assert.Equal((id, row, filler), (config.PadTokenId, config.PaddingRow, config.PaddingId));
    }

    [Theory]
    [InlineData("""{"classifier_dropout":0.3,"hidden_dropout":0.2}""", 0.3)]
    [InlineData("""{"hidden_dropout":0.2}""", 0.2)]
    [InlineData("""{"classifier_dropout":null}""", 0.1)]
    public void The_heads_dropout_is_looked_for_in_turn(string keys, double expected)
    {
        JsonObject json = JsonNode.Parse(keys)!.AsObject();
        json["model_type"] = "llama";

        Assert.Equal(expected, Llama(json.ToJsonString()).ClassifierDropout);
    }

    [Theory]
    [InlineData(DecoderNetworks.Llama)]
    [InlineData(DecoderNetworks.Glm)]
    [InlineData(DecoderNetworks.Glm4)]
    public void What_is_written_reads_the_same(string row)
    {
        (string, string?)[][] changes =
        [
            [], [("rope_scaling", """{"rope_type":"linear","factor":4}""")], [("rope_theta", null), ("rope_parameters", """{"rope_type":"dynamic","factor":4,"rope_theta":50}""")],
            [("pad_token_id", "null"), ("tie_word_embeddings", "true"), ("problem_type", "\"regression\"")], [("rope_theta", null)],
        ];
        foreach ((string, string?)[] change in changes)
        {
            var config = (DecoderConfig)DecoderNetworks.Parse(DecoderNetworks.Json(row, change)) with { RotaryBase = 1234, Activation = "relu", MaxPositions = 40 };

            var read = (DecoderConfig)DecoderNetworks.Parse(config.ToJson("Some"));

            Assert.Equal(1234, read.RotaryBase);
            Assert.Equal(config.Labels, read.Labels);
            Assert.Equal(config.PadTokenId, read.PadTokenId);
            Assert.Equal(Plain(config), Plain(read));
        }

        // Unsaid sizes are written as what they are. A limit that the scaling reads is that of the file.
        static DecoderConfig Plain(DecoderConfig config) => config with
        {
            Labels = Array.Empty<string>(), Architectures = Array.Empty<string>(), Source = _none,
            Rotary = config.Rotary with { Scaling = config.Rotary.Scaling is DynamicRotaryScaling dynamic ? dynamic with { MaxPositions = 1 } : config.Rotary.Scaling },
        };
    }

    [Fact]
    public void The_GLM_of_2022_is_not_taken_for_GLM4()
    {
        Assert.IsType<Glm2022Config>(DecoderNetworks.Parse("""{"model_type":"glm","block_position_encoding":true,"num_layers":2,"max_sequence_length":512}"""));
        Assert.IsType<Glm4Config>(DecoderNetworks.Parse("""{"model_type":"glm","num_hidden_layers":2,"num_key_value_heads":2}"""));
    }

    private static readonly JsonObject _none = [];

    private static LlamaConfig Llama(string json) => (LlamaConfig)DecoderNetworks.Parse(json);
}
