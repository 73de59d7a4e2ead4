using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;

namespace MLNet.Transformers.Tests.Models;

/// <summary>Sizes of which there can be no network: named by their keys, before anything is allocated.</summary>
public sealed class ConfigSizeTests
{
    // Limits of texts, and factors.
    private static readonly string[] _others = ["relative_attention_max_distance", "seq_length", "rope_theta", "rope_ratio"];

    /// <summary>Every whole number of every small config that a tensor's size depends on.</summary>
    public static TheoryData<string, string> Sizes
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach ((string row, string json) in SmallConfigs.Rows)
            {
                foreach ((string key, JsonNode? value) in JsonNode.Parse(json)!.AsObject())
                {
                    bool isPosition = key is "max_position_embeddings" && row.StartsWith("llama", StringComparison.Ordinal) | row is "glm" or "glm4"
                        || (key is "max_sequence_length" && row == "chatglm-6b");
                    if (value is JsonValue number && number.TryGetValue(out int _) && !key.EndsWith("_id", StringComparison.Ordinal) && !_others.Contains(key) && !isPosition && (row, key) != ("chatglm2 otherwise", "multi_query_group_num"))
                    {
                        data.Add(row, key);
                    }
                }
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_size_that_no_tensor_can_have_is_refused_by_key(string row, string key)
    {
        var error = Assert.Throws<CheckpointException>(() => Networks.Config(row, (key, 2_000_000_000)));

        Assert.Equal($"'config.json': '{key}' is 2000000000; expected at most {(key.EndsWith("layers", StringComparison.Ordinal) ? 10_000 : 1 << 30)}.", error.Message);
    }

    // Tiny ones too: each is modules and tensors of its own, which take memory whatever their size.
    [Theory]
    [InlineData("bert", "num_hidden_layers")]
    [InlineData("xlm-roberta", "num_hidden_layers")]
    [InlineData("bart", "encoder_layers")]
    [InlineData("bart", "decoder_layers")]
    [InlineData("t5", "num_layers")]
    [InlineData("t5", "num_decoder_layers")]
    [InlineData("llama", "num_hidden_layers")]
    [InlineData("glm", "num_hidden_layers")]
    [InlineData("glm of 2022", "num_layers")]
    [InlineData("glm4", "num_hidden_layers")]
    [InlineData("chatglm-6b", "num_layers")]
    [InlineData("chatglm2", "num_layers")]
    public void More_layers_than_anybody_trains_are_refused_by_key(string row, string key)
    {
        var error = Assert.Throws<CheckpointException>(() => Networks.Config(row, (key, 200_000)));

        Assert.Equal($"'config.json': '{key}' is 200000; expected at most 10000.", error.Message);
        Assert.Contains($"'{key}' is 10000", Networks.Config(row, (key, 10_000)).Sizes(), StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_of_one_half_are_refused_too() => Assert.Contains("'num_hidden_layers' is 10001; expected at most 10000", Assert.Throws<CheckpointException>(() => Parse(
        """{"model_type":"encoder-decoder","encoder":{"model_type":"bert"},"decoder":{"model_type":"bert","is_decoder":true,"add_cross_attention":true,"num_hidden_layers":10001}}""")).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("12.0", 12)]
    [InlineData("1.2e1", 12)]
    [InlineData("120E-1", 12)]
    public void Whole_numbers_may_be_written_with_a_point_or_a_power(string written, int expected)
    {
        var config = (MLNet.Transformers.Models.Bert.BertConfig)Parse($$"""{"model_type":"bert","num_hidden_layers":{{written}},"pad_token_id":{{written}},"num_labels":{{written}} }""");

        Assert.Equal((expected, expected, expected), (config.Layers, config.PaddingId, config.Labels.Count));
    }

    [Theory]
    [InlineData("12.5")]
    [InlineData("1e12")]
    [InlineData("-1e300")]
    [InlineData("\"12\"")]
    public void What_is_no_whole_number_is_named(string written) => Assert.Equal(
        $"'config.json': 'num_hidden_layers' is {written}; expected a whole number.",
        Assert.Throws<CheckpointException>(() => Parse($$"""{"model_type":"bert","num_hidden_layers":{{written}}}""")).Message);

    [Theory]
    [InlineData("""{"model_type":"bert"}""", "hidden_size")]
    [InlineData("""{"model_type":"bert"}""", "intermediate_size")]
    [InlineData("""{"model_type":"bart"}""", "d_model")]
    [InlineData("""{"model_type":"bart"}""", "encoder_ffn_dim")]
    [InlineData("""{"model_type":"t5"}""", "d_ff")]
    [InlineData("""{"model_type":"t5"}""", "d_kv")]
    [InlineData("""{"model_type":"llama"}""", "vocab_size")]
    [InlineData("""{"model_type":"llama"}""", "head_dim")]
    [InlineData("""{"model_type":"glm"}""", "intermediate_size")]
    [InlineData("""{"model_type":"glm","max_sequence_length":512}""", "hidden_size")]
    [InlineData("""{"model_type":"chatglm","padded_vocab_size":65024}""", "kv_channels")]
    public void Sizes_that_make_too_large_a_network_together_are_all_named(string json, string key)
    {
        JsonObject changed = JsonNode.Parse(json)!.AsObject();
        changed[key] = 960_000_000;

        var error = Assert.Throws<CheckpointException>(() => Parse(changed.ToJsonString()));

        Assert.Contains($"'config.json' describes a network of about ", error.Message, StringComparison.Ordinal);
        Assert.Contains($": '{key}' is 960000000, '", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Products_of_two_sizes_do_not_overflow()
    {
        NativeBackend.EnsureLoaded();

        // 131072 heads of 32768 values: 2³² together.
        Assert.Contains("parameters", Assert.Throws<CheckpointException>(() => Parse("""{"model_type":"t5","num_heads":131072,"d_kv":32768}""")).Message, StringComparison.Ordinal);
        ModelConfig narrow = Parse("""{"model_type":"t5","d_model":1,"vocab_size":2,"d_ff":1,"num_layers":1,"num_heads":131072,"d_kv":32768}""");
        using TaskModel model = TaskModel.Create(narrow, HeadKind.None, Placement.Meta);
        Assert.Contains(model.NamedParameters, item => item.Parameter.shape is [1L << 32, 1]);
    }

    [Fact]
    public void More_parameters_than_there_is_memory_are_refused_before_they_are_made()
    {
        ModelConfig config = Parse("""{"model_type":"bert","vocab_size":1000000000}""");

        var error = Assert.Throws<CheckpointException>(() => TaskModel.Create(config, HeadKind.SequenceClassification, Placement.Cpu));

        Assert.StartsWith("BertForSequenceClassification would have 768,0", error.Message, StringComparison.Ordinal);
        Assert.Contains("GB in float32, which the system does not give. The sizes in its config: 'vocab_size' is 1000000000, 'intermediate_size' is 3072,", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_sizes_of_both_halves_are_named() =>
        Assert.Matches("^of the encoder 'vocab_size' is [0-9]+, .*; of the decoder 'vocab_size' is [0-9]+, ", Networks.Config("encoder-decoder").Sizes());

    [Theory]
    [InlineData(1e6, true)]
    [InlineData(4e15, false)]
    [InlineData(1e30, false)]
    public void The_system_is_asked_for_memory(double bytes, bool given) => Assert.Equal(given, HostMemory.Gives(bytes));

    [Fact]
    public void Labels_without_names_are_counted_only_so_far()
    {
        var error = Assert.Throws<CheckpointException>(() => Parse("""{"model_type":"bert","num_labels":2000000000}"""));

        Assert.Equal("'config.json': 'num_labels' is 2000000000; expected at most 1000000.", error.Message);
    }

    [Fact]
    public void Published_networks_have_about_as_many_parameters_as_their_sizes_tell()
    {
        string[] files = Directory.GetFiles(Shared.Golden("shapes"), "*.json");
        Assert.NotEmpty(files);
        foreach (string file in files)
        {
            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(file));
            double published = json.RootElement.GetProperty("parameters").GetDouble();

            double told = Parse(json.RootElement.GetProperty("config").GetRawText()).Parameters;

            Assert.True(told / published is > 0.9 and < 1.02, $"{Path.GetFileName(file)}: {told:N0} instead of {published:N0}");
        }
    }

    [Fact]
    public void A_config_made_in_code_is_checked_by_the_rules_of_a_file()
    {
        var config = new MLNet.Transformers.Models.Bert.BertConfig { HiddenSize = 100, Heads = 12 };

        Assert.Equal(
            "'the config of bert': 'num_attention_heads' is 12; expected a divisor of 'hidden_size', which is 100.",
            Assert.Throws<CheckpointException>(() => Checkpoint.FromConfig(config, Tokenization.SmallTokenizers.FromVocabulary("a"))).Message);
    }

    private static ModelConfig Parse(string json) => ModelConfig.Parse(Encoding.UTF8.GetBytes(json), "config.json");
}
