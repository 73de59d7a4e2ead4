using System.Text;
using System.Text.Json.Nodes;
using Microsoft.ML;
using MLNet.Transformers.Models;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.Tests.Models;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Tests.SequenceClassification;

/// <summary>A task reads one vector of a text and never asks which architecture it has: each of them learns, is saved and is loaded again.</summary>
public class EveryArchitectureTests
{
    // An encoder-decoder made of two BERTs only writes.
    public static TheoryData<string> Architectures =>
        [.. SmallConfigs.Rows.Keys.Where(row => ArchitectureRegistry.Of(Read(row)).Heads.Any(head => head.Kind == HeadKind.SequenceClassification))];

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Trains_predicts_and_is_loaded_again(string row)
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(1);
        TextEncoder tokenizer = WordPieceTrainer.Train([.. SampleNetworks.Positive, .. SampleNetworks.Negative], size: 120);
        ModelConfig config = Read(row, json =>
        {
            json[json.ContainsKey("padded_vocab_size") ? "padded_vocab_size" : "vocab_size"] = tokenizer.MaxId + 1;
            json["pad_token_id"] = tokenizer.PadTokenId;
            json["eos_token_id"] = tokenizer.SeparatorTokenId;
        });
        IDataView data = Reviews.Keyed(ml);

        using SequenceClassificationTransformer model =
            ml.Transformers().SequenceClassification(Checkpoint.FromConfig(config, tokenizer), new() { Epochs = 2, BatchSize = 4, MaxTokens = 16 }).Fit(data);
        float[][] scores = Reviews.Scores(model.Transform(data));
        ml.Transformers().SaveModel(model, data.Schema, folder.File("model.zip"));
        ITransformer loaded = ml.Model.Load(folder.File("model.zip"), out _);

        Assert.All(scores, score => Assert.Equal(1, score.Sum(), 1e-5));
        Assert.True(scores.Select(score => score[0]).Distinct().Count() > 3);
        Assert.Equal(scores, Reviews.Scores(loaded.Transform(data)));
        (loaded as IDisposable)?.Dispose();
    }

    private static ModelConfig Read(string row, Action<JsonObject>? change = null)
    {
        JsonObject json = JsonNode.Parse(SmallConfigs.Rows[row])!.AsObject();
        change?.Invoke(json);
        return ModelConfig.Parse(Encoding.UTF8.GetBytes(json.ToJsonString()), row);
    }
}
