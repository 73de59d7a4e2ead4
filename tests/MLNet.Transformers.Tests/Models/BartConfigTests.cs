using System.Text;
using System.Text.Json.Nodes;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Bart;

namespace MLNet.Transformers.Tests.Models;

public sealed class BartConfigTests
{
    public static TheoryData<string, string, string> WrongValues
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            foreach (string key in (string[])["vocab_size", "d_model", "encoder_layers", "decoder_layers", "encoder_attention_heads", "decoder_attention_heads", "encoder_ffn_dim", "decoder_ffn_dim", "max_position_embeddings"])
            {
                data.Add(key, "\"12\"", "a whole number");
                data.Add(key, "null", "a whole number");
                data.Add(key, "0", "at least 1");
            }
            foreach (string key in (string[])["dropout", "attention_dropout", "activation_dropout", "classifier_dropout", "encoder_layerdrop", "decoder_layerdrop"])
            {
                data.Add(key, "\"0.1\"", "a number");
                data.Add(key, "1.5", "between 0 and 1");
                data.Add(key, "-0.1", "between 0 and 1");
            }
            data.Add("encoder_attention_heads", "4", "a divisor of 'd_model', which is 15");
            data.Add("decoder_attention_heads", "4", "a divisor of 'd_model', which is 15");
            data.Add("activation_function", "\"softplus\"", "one of 'gelu',");
            data.Add("activation_function", "7", "a string");
            data.Add("scale_embedding", "1", "true or false");
            data.Add("tie_word_embeddings", "\"no\"", "true or false");
            data.Add("init_std", "-1", "a number between 0");
            data.Add("pad_token_id", "42", "an id below 'vocab_size', which is 42");
            data.Add("eos_token_id", "-1", "an id below 'vocab_size', which is 42");
            data.Add("eos_token_id", "\"2\"", "a whole number");
            data.Add("eos_token_id", "[]", "a whole number or a list of them");
            data.Add("eos_token_id", "[\"2\"]", "a whole number or a list of them");
            data.Add("decoder_start_token_id", "50265", "an id below 'vocab_size', which is 42");
            data.Add("problem_type", "\"multi_label\"", "\"single_label_classification\", \"multi_label_classification\" or \"regression\"");
            data.Add("is_encoder_decoder", "false", "true: anything else is another network than BART");
            data.Add("is_decoder", "true", "false: anything else is another network than BART");
            data.Add("normalize_before", "true", "false: anything else is another network than BART");
            data.Add("normalize_embedding", "false", "true: anything else is another network than BART");
            data.Add("static_position_embeddings", "true", "false: anything else is another network than BART");
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(WrongValues))]
    public void A_wrong_value_is_refused_by_key(string key, string value, string expected)
    {
        JsonObject json = JsonNode.Parse(Networks.Json("bart"))!.AsObject();
        json[key] = JsonNode.Parse(value);

        CheckpointException error = Assert.Throws<CheckpointException>(() => Parse(json.ToJsonString()));

        Assert.StartsWith($"'config.json': '{key}' is ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Absent_keys_take_the_references_defaults()
    {
        BartConfig config = Parse("""{"model_type":"bart"}""");

        Assert.Equal(new BartConfig { Labels = config.Labels, Architectures = config.Architectures, Source = config.Source }, config);
        Assert.Equal((50265, 1024, 1024, 1024), (config.VocabularySize, config.HiddenSize, config.MaxPositions, config.MaxTokens));
        Assert.Equal((12, 12, 16, 16), (config.EncoderLayers, config.DecoderLayers, config.EncoderHeads, config.DecoderHeads));
        Assert.Equal((4096, 4096, "gelu"), (config.EncoderIntermediateSize, config.DecoderIntermediateSize, config.Activation));
        Assert.Equal((0.1, 0.0, 0.0, 0.0), (config.Dropout, config.AttentionDropout, config.ActivationDropout, config.ClassifierDropout));
        Assert.Equal((0.0, 0.0, 0.02), (config.EncoderLayerDrop, config.DecoderLayerDrop, config.InitializerRange));
        Assert.Equal((1, 2, 2), (config.PaddingId, config.EndId, config.DecoderStartId));
        Assert.Equal((false, true, false), (config.ScaledEmbeddings, config.TiedEmbeddings, config.HasSegments));
        Assert.Equal(["LABEL_0", "LABEL_1", "LABEL_2"], config.Labels);
    }

    [Theory]
    [InlineData("\"dtype\":\"float32\",\"is_decoder\":false,\"tie_word_embeddings\":true,\"transformers_version\":\"5.12.1\"")]
    [InlineData("\"torch_dtype\":\"float32\",\"num_hidden_layers\":12,\"gradient_checkpointing\":false,\"add_final_layer_norm\":false,\"normalize_embedding\":true")]
    public void Both_generations_of_the_reference_are_read(string keys) =>
        Assert.Equal(0.25, Parse($$"""{"model_type":"bart","dropout":0.25,{{keys}}}""").Dropout);

    [Theory]
    [InlineData("\"hidden_size\":48,\"num_attention_heads\":6,\"num_hidden_layers\":5", 48, 6, 5)]
    [InlineData("\"hidden_size\":48,\"d_model\":32,\"num_attention_heads\":6,\"encoder_attention_heads\":4", 48, 6, 12)]
    [InlineData("\"d_model\":32,\"encoder_attention_heads\":4,\"encoder_layers\":3,\"num_hidden_layers\":5", 32, 4, 3)]
    public void The_references_general_names_are_read(string keys, int width, int heads, int layers)
    {
        BartConfig config = Parse($$"""{"model_type":"bart",{{keys}}}""");

        Assert.Equal((width, heads, layers), (config.HiddenSize, config.EncoderHeads, config.EncoderLayers));
        BartConfig read = Parse((config with { HiddenSize = 96, EncoderHeads = 8, EncoderLayers = 7 }).ToJson("BartModel"));
        Assert.Equal((96, 8, 7), (read.HiddenSize, read.EncoderHeads, read.EncoderLayers));
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("[7, 9]", 7)]
    [InlineData("null", 2)]
    public void The_first_end_counts(string written, int expected) => Assert.Equal(expected, Parse($$"""{"model_type":"bart","eos_token_id":{{written}}}""").EndId);

    [Theory]
    [InlineData("bart")]
    [InlineData("bart untied")]
    public void What_is_written_reads_the_same(string row)
    {
        var config = (BartConfig)Networks.Config(row, ("forced_bos_token_id", 4), ("problem_type", "regression"), ("eos_token_id", new JsonArray(2, 5)));

        BartConfig read = Parse(config.ToJson("BartForConditionalGeneration"));

        Assert.Equal(config with { Labels = read.Labels, Architectures = read.Architectures, Source = read.Source }, read);
        Assert.Equal(config.Labels, read.Labels);
        Assert.Equal(["BartForConditionalGeneration"], read.Architectures);
        Assert.Equal(4, read.Source["forced_bos_token_id"]!.GetValue<int>());
        Assert.Equal("[2,5]", read.Source["eos_token_id"]!.ToJsonString());
    }

    private static BartConfig Parse(string json) => (BartConfig)ModelConfig.Parse(Encoding.UTF8.GetBytes(json), "config.json");
}
