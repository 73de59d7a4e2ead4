using System.Text;
using System.Text.Json.Nodes;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Bert;

namespace MLNet.Transformers.Tests.Models;

public sealed class BertConfigTests
{
    // Key, a value of the wrong type or range, what the message says was expected.
    public static TheoryData<string, string, string> WrongValues
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            foreach (string key in (string[])["vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size", "max_position_embeddings", "type_vocab_size"])
            {
                data.Add(key, "\"12\"", "a whole number");
                data.Add(key, "1.5", "a whole number");
                data.Add(key, "99999999999", "a whole number");
                data.Add(key, "null", "a whole number");
                data.Add(key, "true", "a whole number");
                data.Add(key, "[12]", "a whole number");
                data.Add(key, "0", "at least 1");
                data.Add(key, "-3", "at least 1");
            }
            foreach (string key in (string[])["hidden_dropout_prob", "attention_probs_dropout_prob", "classifier_dropout"])
            {
                data.Add(key, "\"0.1\"", "a number");
                data.Add(key, "1.5", "between 0 and 1");
                data.Add(key, "-0.1", "between 0 and 1");
            }
            data.Add("layer_norm_eps", "\"1e-5\"", "a number");
            data.Add("layer_norm_eps", "-1", "a number between 0");
            data.Add("initializer_range", "{}", "a number");
            data.Add("hidden_act", "7", "a string");
            data.Add("hidden_act", "\"softplus\"", "one of 'gelu',");
            data.Add("pad_token_id", "\"0\"", "a whole number");
            data.Add("pad_token_id", "-1", "an id below 'vocab_size', which is 37");
            data.Add("pad_token_id", "37", "an id below 'vocab_size', which is 37");
            data.Add("tie_word_embeddings", "1", "true or false");
            data.Add("position_embedding_type", "\"relative_key\"", "relative position embeddings of BERT are not supported");
            data.Add("position_embedding_type", "\"relative_key_query\"", "relative position embeddings of BERT are not supported");
            data.Add("is_decoder", "true", "BERT as a decoder is not supported");
            data.Add("is_decoder", "\"true\"", "true or false");
            data.Add("add_cross_attention", "true", "BERT as a decoder is not supported");
            data.Add("num_attention_heads", "4", "a divisor of 'hidden_size', which is 15");
            data.Add("architectures", "\"BertModel\"", "a list of strings");
            data.Add("architectures", "[7]", "a list of strings");
            data.Add("problem_type", "[]", "a string");
            data.Add("problem_type", "\"classification\"", "\"single_label_classification\", \"multi_label_classification\" or \"regression\"");
            data.Add("pruned_heads", """{"1":[0,2]}""", "attention whose heads were cut off is not supported");
            data.Add("id2label", "[\"a\"]", "an object of class numbers and names");
            data.Add("id2label", """{"0":"a","2":"b"}""", "the numbers 0 to 1, each with a name");
            data.Add("id2label", """{"1":"a","2":"b"}""", "the numbers 0 to 1, each with a name");
            data.Add("id2label", """{"0":"a","00":"b"}""", "the numbers 0 to 1, each with a name");
            data.Add("id2label", """{"0":"a","one":"b"}""", "the numbers 0 to 1, each with a name");
            data.Add("id2label", """{"0":"a","-1":"b"}""", "the numbers 0 to 1, each with a name");
            data.Add("id2label", """{"0":7}""", "the numbers 0 to 0, each with a name");
            data.Add("id2label", """{"0":null}""", "the numbers 0 to 0, each with a name");
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(WrongValues))]
    public void A_wrong_value_is_refused_by_key(string key, string value, string expected)
    {
        JsonObject json = JsonNode.Parse(Networks.Json())!.AsObject();
        json[key] = JsonNode.Parse(value);

        CheckpointException error = Refused(json.ToJsonString());

        Assert.StartsWith($"'some/config.json': '{key}' is ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Absent_keys_take_the_references_defaults()
    {
        BertConfig config = Parse("""{"model_type":"bert"}""");

        Assert.Equal(30522, config.VocabularySize);
        Assert.Equal(768, config.HiddenSize);
        Assert.Equal(12, config.Layers);
        Assert.Equal(12, config.Heads);
        Assert.Equal(3072, config.IntermediateSize);
        Assert.Equal("gelu", config.Activation);
        Assert.Equal(0.1, config.HiddenDropout);
        Assert.Equal(0.1, config.AttentionDropout);
        Assert.Null(config.ClassifierDropout);
        Assert.Equal(0.1, config.HeadDropout);
        Assert.Equal(512, config.MaxPositions);
        Assert.Equal(512, config.MaxTokens);
        Assert.Equal(2, config.SegmentTypes);
        Assert.Equal(1e-12, config.LayerNormEpsilon);
        Assert.Equal(0.02, config.InitializerRange);
        Assert.Equal(0, config.PaddingId);
        Assert.True(config.TiedEmbeddings);
        Assert.Equal(["LABEL_0", "LABEL_1"], config.Labels);
        Assert.Null(config.ProblemType);
        Assert.Empty(config.Architectures);
        Assert.True(config.HasSegments);
    }

    [Theory]
    [InlineData("classifier_dropout")]
    [InlineData("pad_token_id")]
    [InlineData("problem_type")]
    [InlineData("architectures")]
    [InlineData("pruned_heads")]
    [InlineData("id2label")]
    public void Null_is_as_absent_where_the_reference_writes_it(string key)
    {
        JsonObject json = JsonNode.Parse(Networks.Json())!.AsObject();
        json[key] = null;

        Assert.Equal(15, Parse(json.ToJsonString()).HiddenSize);
    }

    [Theory]
    [InlineData("\"dtype\":\"float32\",\"transformers_version\":\"5.0.0\"")]
    [InlineData("\"torch_dtype\":\"float32\",\"position_embedding_type\":\"absolute\",\"use_cache\":true,\"transformers_version\":\"4.56.0\"")]
    public void Both_generations_of_the_reference_are_read(string keys) =>
        Assert.Equal(0.25, Parse($$"""{"model_type":"bert","hidden_dropout_prob":0.25,{{keys}}}""").HiddenDropout);

    [Fact]
    public void Labels_follow_their_numbers()
    {
        Assert.Equal(["no", "yes", "maybe"], Parse("""{"model_type":"bert","id2label":{"2":"maybe","0":"no","1":"yes"}}""").Labels);
        Assert.Equal(["LABEL_0", "LABEL_1", "LABEL_2"], Parse("""{"model_type":"bert","num_labels":3}""").Labels);
        Assert.Equal(12, Parse($$$"""{"model_type":"bert","id2label":{ {{{string.Join(",", Enumerable.Range(0, 12).Select(i => $"\"{i}\":\"l{i}\""))}}} }}""").Labels.Count);
    }

    [Fact]
    public void A_missing_model_type_is_told_with_those_that_are_known()
    {
        CheckpointException error = Refused("{}");

        Assert.Contains("'some/config.json' has no 'model_type'. Known model types: 'bert'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_model_type_is_told_with_those_that_are_known()
    {
        CheckpointException error = Refused("""{"model_type":"mamba"}""");

        Assert.Contains("'some/config.json' names the model type 'mamba', which is not supported. Known model types: 'bert'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"model_type":"bert",}""")]
    [InlineData("""{"model_type":"bert","hidden_size":8,"hidden_size":16}""")]
    [InlineData("""{"model_type":"bert","id2label":{"0":"a","0":"b"}}""")]
    public void Refuses_what_is_no_JSON(string json) => Assert.Contains("'some/config.json' is not valid JSON", Refused(json).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("7")]
    public void Refuses_what_is_no_object(string json) => Assert.Contains("'some/config.json' is not a JSON object", Refused(json).Message, StringComparison.Ordinal);

    [Fact]
    public void A_missing_file_is_named()
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}", "config.json");

        Assert.Contains($"'{path}'", Assert.Throws<CheckpointException>(() => ModelConfig.FromFile(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_written_reads_the_same()
    {
        BertConfig config = Networks.Config(
            ("hidden_dropout_prob", 0.3), ("attention_probs_dropout_prob", 0.2), ("classifier_dropout", 0.4), ("pad_token_id", 5),
            ("tie_word_embeddings", false), ("problem_type", "regression"), ("architectures", new JsonArray("BertForMaskedLM")));

        BertConfig read = Parse(config.ToJson("BertForMaskedLM"));

        Assert.Equal(Plain(config), Plain(read));
        Assert.Equal(config.Labels, read.Labels);
        Assert.Equal(config.Architectures, read.Architectures);

        static BertConfig Plain(BertConfig config) => config with { Labels = Array.Empty<string>(), Architectures = Array.Empty<string>(), Source = _none };
    }

    [Fact]
    public void Keys_that_are_not_read_survive()
    {
        BertConfig config = Networks.Config(("task_specific", new JsonObject { ["x"] = 1 }), ("use_cache", true));

        JsonObject written = JsonNode.Parse((config with { HiddenDropout = 0.5 }).ToJson("BertModel"))!.AsObject();

        Assert.Equal(1, written["task_specific"]!["x"]!.GetValue<int>());
        Assert.True(written["use_cache"]!.GetValue<bool>());
        Assert.Equal(0.5, written["hidden_dropout_prob"]!.GetValue<double>());
    }

    [Fact]
    public void New_labels_replace_the_old_ones()
    {
        BertConfig config = Networks.Config(("num_labels", 4), ("problem_type", "regression")) with { Labels = ["ja", "nein"], ProblemType = null };

        JsonObject written = JsonNode.Parse(config.ToJson("BertForSequenceClassification"))!.AsObject();

        Assert.Equal("""{"0":"ja","1":"nein"}""", written["id2label"]!.ToJsonString());
        Assert.Equal("""{"ja":0,"nein":1}""", written["label2id"]!.ToJsonString());
        Assert.False(written.ContainsKey("num_labels"));
        Assert.Null(Parse(written.ToJsonString()).ProblemType);
    }

    private static readonly JsonObject _none = [];

    private static BertConfig Parse(string json) => (BertConfig)ModelConfig.Parse(Encoding.UTF8.GetBytes(json), "some/config.json");

    private static CheckpointException Refused(string json) => Assert.Throws<CheckpointException>(() => Parse(json));
}
