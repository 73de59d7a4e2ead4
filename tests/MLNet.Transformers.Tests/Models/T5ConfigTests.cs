using System.Text;
using System.Text.Json.Nodes;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.T5;

namespace MLNet.Transformers.Tests.Models;

public sealed class T5ConfigTests
{
    private static readonly JsonObject _none = [];

    // Key, a value of the wrong type or range, what the message says was expected.
    public static TheoryData<string, string, string> WrongValues
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            foreach (string key in (string[])["vocab_size", "d_model", "d_kv", "d_ff", "num_layers", "num_decoder_layers", "num_heads", "hidden_size", "head_dim"])
            {
                data.Add(key, "\"12\"", "a whole number");
                data.Add(key, "1.5", "a whole number");
                data.Add(key, "0", "at least 1");
            }
            foreach (string key in (string[])["dropout_rate", "classifier_dropout"])
            {
                data.Add(key, "\"0.1\"", "a number");
                data.Add(key, "1.5", "between 0 and 1");
                data.Add(key, "-0.1", "between 0 and 1");
            }
            data.Add("relative_attention_num_buckets", "3", "at least 4");
            data.Add("relative_attention_max_distance", "3", "more than half of 'relative_attention_num_buckets', which is 7");
            data.Add("layer_norm_epsilon", "-1", "a number between 0");
            data.Add("initializer_factor", "\"1\"", "a number");
            data.Add("feed_forward_proj", "7", "a string");
            data.Add("feed_forward_proj", "\"gated\"", "one of 'gelu',");
            data.Add("feed_forward_proj", "\"gated-\"", "one of 'gelu',");
            data.Add("feed_forward_proj", "\"gated-gated-gelu\"", "one of 'gelu',");
            data.Add("feed_forward_proj", "\"ungated-gelu\"", "one of 'gelu',");
            data.Add("feed_forward_proj", "\"softplus\"", "or 'gated-' before one of them");
            data.Add("dense_act_fn", "\"softplus\"", "one of 'gelu',");
            data.Add("dense_act_fn", "3", "a string");
            data.Add("is_gated_act", "\"yes\"", "true or false");
            data.Add("pad_token_id", "-1", "an id below 'vocab_size', which is 41");
            data.Add("pad_token_id", "41", "an id below 'vocab_size', which is 41");
            data.Add("decoder_start_token_id", "41", "an id below 'vocab_size', which is 41");
            data.Add("eos_token_id", "\"</s>\"", "a whole number");
            data.Add("eos_token_id", "[\"</s>\"]", "a whole number");
            data.Add("tie_word_embeddings", "1", "true or false");
            data.Add("scale_decoder_outputs", "1", "true or false");
            data.Add("is_decoder", "true", "T5's decoder alone is not supported");
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(WrongValues))]
    public void A_wrong_value_is_refused_by_key(string key, string value, string expected)
    {
        string json = Networks.Json("t5", (key, JsonNode.Parse(value)));

        var error = Assert.Throws<CheckpointException>(() => Parse(json));

        Assert.StartsWith($"'some/config.json': '{key}' is ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Absent_keys_take_the_references_defaults()
    {
        T5Config config = Parse("""{"model_type":"t5"}""");

        Assert.Equal(32128, config.VocabularySize);
        Assert.Equal(512, config.HiddenSize);
        Assert.Equal(64, config.HeadSize);
        Assert.Equal(2048, config.IntermediateSize);
        Assert.Equal(6, config.Layers);
        Assert.Null(config.DecoderLayers);
        Assert.Equal(6, config.DecoderDepth);
        Assert.Equal(8, config.Heads);
        Assert.Equal(32, config.RelativeBuckets);
        Assert.Equal(128, config.RelativeMaxDistance);
        Assert.Equal("relu", config.Activation);
        Assert.False(config.GatedFeedForward);
        Assert.Equal(0.1, config.Dropout);
        Assert.Equal(0, config.ClassifierDropout);
        Assert.Equal(1e-6, config.LayerNormEpsilon);
        Assert.Equal(1, config.InitializerRange);
        Assert.Equal(0, config.PaddingId);
        Assert.Equal(0, config.DecoderStartId);
        Assert.Equal(1, config.EndId);
        Assert.True(config.TiedEmbeddings);
        Assert.True(config.ScaledOutputs);
        Assert.Null(config.MaxTokens);
        Assert.False(config.HasSegments);
        Assert.Equal(["LABEL_0", "LABEL_1"], config.Labels);
    }

    [Theory]
    [InlineData("relu", "relu", false)]
    [InlineData("gelu", "gelu", false)]
    [InlineData("gated-gelu", "gelu_new", true)]
    [InlineData("gated-gelu_new", "gelu_new", true)]
    [InlineData("gated-silu", "silu", true)]
    [InlineData("gated-relu", "relu", true)]
    [InlineData("quick_gelu", "quick_gelu", false)]
    public void The_feed_forward_part_has_an_activation_and_may_be_gated(string name, string activation, bool gated)
    {
        T5Config config = Parse($$"""{"model_type":"t5","feed_forward_proj":"{{name}}"}""");

        Assert.Equal((activation, gated), (config.Activation, config.GatedFeedForward));
        T5Config again = Parse(config.ToJson("T5Model"));
        Assert.Equal((activation, gated), (again.Activation, again.GatedFeedForward));
    }

    [Fact]
    public void What_the_reference_made_of_the_name_counts()
    {
        T5Config config = Parse("""{"model_type":"t5","feed_forward_proj":"gated-gelu","dense_act_fn":"gelu","is_gated_act":true}""");

        Assert.Equal("gelu", config.Activation);
        Assert.Equal("gelu", Parse(config.ToJson("T5Model")).Activation);
    }

    // Version 4 of the reference has one flag for both, version 5 one of its own for scaling.
    [Theory]
    [InlineData("", true, true)]
    [InlineData("\"tie_word_embeddings\":true", true, true)]
    [InlineData("\"tie_word_embeddings\":false", false, false)]
    [InlineData("\"tie_word_embeddings\":true,\"scale_decoder_outputs\":true", true, true)]
    [InlineData("\"tie_word_embeddings\":true,\"scale_decoder_outputs\":false", true, false)]
    public void Both_generations_of_the_reference_are_read(string keys, bool tied, bool scaled)
    {
        T5Config config = Parse($$"""{"model_type":"t5"{{(keys.Length > 0 ? "," : "")}}{{keys}}}""");

        Assert.Equal((tied, scaled), (config.TiedEmbeddings, config.ScaledOutputs));
        T5Config again = Parse(config.ToJson("T5Model"));
        Assert.Equal((tied, scaled), (again.TiedEmbeddings, again.ScaledOutputs));
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("[6]", 6)]
    [InlineData("[1,6]", null)]
    [InlineData("null", null)]
    public void A_text_has_one_end_or_none(string value, int? expected) =>
        Assert.Equal(expected, Parse($$"""{"model_type":"t5","eos_token_id":{{value}}}""").EndId);

    [Fact]
    public void Several_ends_survive() => Assert.Equal(
        "[1,6]", JsonNode.Parse(Parse("""{"model_type":"t5","eos_token_id":[1,6]}""").ToJson("T5Model"))!["eos_token_id"]!.ToJsonString());

    [Fact]
    public void The_general_names_of_sizes_count()
    {
        T5Config config = Parse("""{"model_type":"t5","d_model":8,"hidden_size":16,"num_hidden_layers":3,"num_attention_heads":5,"head_dim":7}""");

        Assert.Equal((16, 3, 5, 7), (config.HiddenSize, config.Layers, config.Heads, config.HeadSize));
        T5Config again = Parse((config with { HiddenSize = 24 }).ToJson("T5Model"));
        Assert.Equal((24, 3, 5, 7), (again.HiddenSize, again.Layers, again.Heads, again.HeadSize));
    }

    [Fact]
    public void The_decoder_starts_with_its_own_id_or_with_padding()
    {
        Assert.Equal(5, Parse("""{"model_type":"t5","pad_token_id":5}""").DecoderStartId);
        Assert.Equal(7, Parse("""{"model_type":"t5","pad_token_id":5,"decoder_start_token_id":7}""").DecoderStartId);
        Assert.Equal(0, Parse("""{"model_type":"t5","pad_token_id":null,"decoder_start_token_id":null}""").DecoderStartId);
    }

    [Fact]
    public void What_is_written_reads_the_same()
    {
        T5Config config = Parse(Networks.Json(
            "t5", ("feed_forward_proj", "gated-silu"), ("dropout_rate", 0.3), ("classifier_dropout", 0.4), ("layer_norm_epsilon", 1e-5),
            ("initializer_factor", 0.7), ("pad_token_id", 5), ("tie_word_embeddings", false), ("problem_type", "regression"), ("n_positions", 512)));

        T5Config read = Parse(config.ToJson("T5ForConditionalGeneration"));

        Assert.Equal(Plain(config), Plain(read));
        Assert.Equal(config.Labels, read.Labels);
        Assert.Equal(512, read.Source["n_positions"]!.GetValue<int>());

        static T5Config Plain(T5Config config) => config with { Labels = Array.Empty<string>(), Architectures = Array.Empty<string>(), Source = _none };
    }

    private static T5Config Parse(string json) => (T5Config)ModelConfig.Parse(Encoding.UTF8.GetBytes(json), "some/config.json");
}
