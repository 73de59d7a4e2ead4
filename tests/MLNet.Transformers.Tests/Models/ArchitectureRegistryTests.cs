using System.Text;
using System.Text.Json.Nodes;
using MLNet.Transformers.Models;

namespace MLNet.Transformers.Tests.Models;

/// <summary>How a config.json says which architecture it is of: by model type, by class name, or not at all.</summary>
public sealed class ArchitectureRegistryTests
{
    /// <summary>Every class of every small config's architecture.</summary>
    public static TheoryData<string, string> Classes => [.. Networks.All.Select(item => (item.Row, ArchitectureRegistry.Of(Networks.Config(item.Row)).Head(item.Head).ClassName)).Distinct()];

    [Theory]
    [MemberData(nameof(Classes))]
    public void Without_a_model_type_the_class_name_tells_the_architecture(string row, string className)
    {
        ModelConfig expected = Networks.Config(row);

        ModelConfig config = Networks.Config(row, ("model_type", null), ("architectures", new JsonArray(className)));

        Assert.Equal((expected.GetType(), expected.ModelType), (config.GetType(), config.ModelType));
        Assert.Equal(expected.HiddenSize, config.HiddenSize);
        Assert.Equal(expected.ModelType, JsonNode.Parse(config.ToJson(className))!["model_type"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("BertForNextSentencePrediction", "bert")]
    [InlineData("BertLMHeadModel", "bert")]
    [InlineData("RobertaForMultipleChoice", "roberta")]
    [InlineData("BartForCausalLM", "bart")]
    public void A_class_that_is_not_here_tells_its_family(string className, string expected) =>
        Assert.Equal(expected, Parse($$"""{"architectures":["{{className}}"]}""").ModelType);

    [Fact]
    public void A_class_name_belongs_to_one_model_type()
    {
        foreach (IGrouping<string, Architecture> one in ArchitectureRegistry.All
            .SelectMany(architecture => architecture.Heads.Select(head => (head.ClassName, Architecture: architecture)))
            .GroupBy(item => item.ClassName, item => item.Architecture))
        {
            Assert.Single(one.Select(architecture => architecture.ModelType).Distinct());
        }
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"architectures":null,"model_type":null}""")]
    [InlineData("""{"architectures":["MambaForCausalLM","bertModel"]}""")]
    public void A_config_that_tells_nothing_is_read_as_what_is_asked_for(string json)
    {
        string message = Assert.Throws<CheckpointException>(() => Parse(json)).Message;

        Assert.Contains("'config.json' has no 'model_type'. Known model types: 'bert', 'roberta'", message, StringComparison.Ordinal);
        Assert.EndsWith("Say which one it is: Checkpoint.FromFolder(folder, modelType: \"bert\").", message, StringComparison.Ordinal);
        Assert.Equal("t5", Parse(json, "t5").ModelType);
    }

    [Fact]
    public void What_is_asked_for_counts_before_what_the_file_says() => Assert.Equal("roberta", Parse("""{"model_type":"camembert"}""", "roberta").ModelType);

    [Fact]
    public void A_type_that_is_asked_for_must_be_known() => Assert.StartsWith(
        "'config.json' was given the model type 'BERT', which is not supported. Known model types: 'bert'",
        Assert.Throws<CheckpointException>(() => Parse("""{"model_type":"bert"}""", "BERT")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"quant_method":"gptq","bits":4}""", "by gptq,")]
    [InlineData("""{"quant_method":"awq","version":"gemm"}""", "by awq,")]
    [InlineData("""{"load_in_8bit":true}""", "by bitsandbytes,")]
    [InlineData("{}", "by a method that it does not name,")]
    public void Quantized_weights_are_named(string settings, string expected)
    {
        string message = Assert.Throws<CheckpointException>(() => Parse($$"""{"model_type":"llama","quantization_config":{{settings}}}""")).Message;

        Assert.StartsWith($"'config.json': 'quantization_config' says that the weights are quantized {expected}", message, StringComparison.Ordinal);
        Assert.Contains("give the checkpoint that was quantized, or a GGUF of it", message, StringComparison.Ordinal);
        Assert.Equal("llama", Parse("""{"model_type":"llama","quantization_config":null}""").ModelType);
    }

    [Fact]
    public void A_byte_order_mark_is_skipped() =>
        Assert.Equal("bert", ModelConfig.Parse("\uFEFF{\"model_type\":\"bert\"}"u8, "config.json").ModelType);

    [Theory]
    [InlineData("""{"model_type":"bert","hidden_act":"\ud800"}""")]
    [InlineData("""{"model_type":"bert","id2label":{"0":"\udc00"}}""")]
    [InlineData("""{"model_type":"bert","\ud800":1}""")]
    public void Texts_that_are_none_are_refused_with_the_files_name(string json) =>
        Assert.StartsWith("'config.json' is not valid JSON", Assert.Throws<CheckpointException>(() => Parse(json)).Message, StringComparison.Ordinal);

    private static ModelConfig Parse(string json, string? modelType = null) => ModelConfig.Parse(Encoding.UTF8.GetBytes(json), "config.json", modelType);
}
