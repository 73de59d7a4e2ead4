using System.Text;
using System.Text.Json.Nodes;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Models;

/// <summary>In what RoBERTa is not BERT.</summary>
public sealed class RobertaTests : IDisposable
{
    private readonly DisposeScope _scope;

    public RobertaTests()
    {
        NativeBackend.EnsureLoaded();
        _scope = NewDisposeScope();
    }

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData("roberta", 50265)]
    [InlineData("xlm-roberta", 30522)]
    public void Absent_keys_take_the_references_defaults(string type, int words)
    {
        var config = (RobertaConfig)Parse($$"""{"model_type":"{{type}}"}""");

        Assert.Equal(type, config.ModelType);
        Assert.Equal((words, 1, 512, 510), (config.VocabularySize, config.PaddingId, config.MaxPositions, config.MaxTokens));
        Assert.Equal((768, 12, 12, 3072, "gelu"), (config.HiddenSize, config.Layers, config.Heads, config.IntermediateSize, config.Activation));
        Assert.Equal((2, true, 1e-12), (config.SegmentTypes, config.HasSegments, config.LayerNormEpsilon));
        Assert.Contains($"\"model_type\": \"{type}\"", config.ToJson("X"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_RoBERTa_base_reads_five_hundred_and_twelve_tokens() =>
        Assert.Equal(512, Parse("""{"model_type":"roberta","max_position_embeddings":514,"type_vocab_size":1}""").MaxTokens);

    [Theory]
    [InlineData("max_position_embeddings", "3", "more than 3, the rows that no token has")]
    [InlineData("pad_token_id", "null", "an id: positions are counted from its row on")]
    [InlineData("is_decoder", "true", "BERT as a decoder is not supported")]
    [InlineData("position_embedding_type", "\"relative_key\"", "\"absolute\"")]
    public void A_wrong_value_is_refused_by_key(string key, string value, string expected)
    {
        JsonObject json = JsonNode.Parse(Networks.Json("roberta"))!.AsObject();
        json[key] = JsonNode.Parse(value);

        CheckpointException error = Assert.Throws<CheckpointException>(() => Parse(json.ToJsonString()));

        Assert.StartsWith($"'config.json': '{key}' is ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Positions_are_counted_behind_paddings()
    {
        using TaskModel model = Networks.Create("roberta", HeadKind.None);
        Tensor ids = tensor([2L, 2, 7, 8, 2, 9, 2, 2], [1, 8]);

        Assert.Equal([2, 2, 3, 4, 2, 5, 2, 2], Networks.Values(model.Backbone.PositionsOf(new TokenBatch(ids))));
    }

    [Fact]
    public void What_the_mask_hides_on_the_left_is_not_counted()
    {
        using TaskModel model = Networks.Create("roberta", HeadKind.None);
        var batch = new TokenBatch(tensor([7L, 7, 7, 8, 9, 9], [1, 6]), Mask: tensor([0L, 0, 1, 1, 0, 0], [1, 6]));

        Assert.Equal([2, 2, 3, 4, 5, 6], Networks.Values(model.Backbone.PositionsOf(batch)));
    }

    [Fact]
    public void Paddings_position_is_not_trained()
    {
        using TaskModel model = Networks.Create("roberta", HeadKind.TokenClassification);

        Networks.AnyLoss(model.forward(new TokenBatch(tensor([7L, 8, 2, 2], [1, 4])))).backward();

        Tensor gradient = model.NamedParameters.Single(item => item.Name == "roberta.embeddings.position_embeddings.weight").Parameter.grad!;
        Assert.Equal([3, 4], gradient.abs().sum(1).nonzero().flatten().data<long>().ToArray());
    }

    [Fact]
    public void The_references_classes_are_found() => Assert.All((string[])["Roberta", "XLMRoberta"], start => Assert.All(
        (string[])["Model", "ForMaskedLM", "ForSequenceClassification", "ForTokenClassification", "ForQuestionAnswering"],
        end => Assert.Contains(ArchitectureRegistry.All.SelectMany(architecture => architecture.Heads), head => head.ClassName == start + end)));

    private static BertConfig Parse(string json) => (BertConfig)ModelConfig.Parse(Encoding.UTF8.GetBytes(json), "config.json");
}
