using System.Text;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Transformers.Models;
using MLNet.Transformers.Tests.Models;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Tests.SequenceClassification;

/// <summary>Eight texts with a label of each kind, and networks of every architecture that learn them in half a second.</summary>
internal static class Examples
{
    internal sealed class Example
    {
        public string? Text { get; set; }

        public string Class { get; set; } = "";

        public bool Yes { get; set; }

        public float Number { get; set; }

        [VectorType(3)]
        public bool[] Flags { get; set; } = [];
    }

    /// <summary>A row of predictions, whatever was learnt.</summary>
    internal sealed record Answer(float[] Score, string Predicted);

    private static readonly string[] _dropouts =
    [
        "hidden_dropout_prob", "attention_probs_dropout_prob", "classifier_dropout", "dropout", "activation_dropout", "attention_dropout", "dropout_rate", "hidden_dropout",
        "embedding_dropout_prob", "output_dropout_prob",
    ];

    private static readonly string[] _texts =
        ["a great film", "a dull film", "great music", "dull plot and boring music", "wonderful", "i hated it", "loved the plot", "a terrible film, boring"];

    public static IReadOnlyList<Example> Rows { get; } =
    [
        .. _texts.Select((text, i) => new Example
        {
            Text = text, Class = ((string[])["red", "green", "blue"])[i % 3], Yes = i % 2 == 0, Number = i % 4 / 4f, Flags = [i % 2 == 0, i > 3, i is 1 or 2 or 5],
        }),
    ];

    /// <summary>A row of the table of small configs for each architecture, and for each network of GLM that classifies.</summary>
    public static IReadOnlyList<string> Architectures { get; } = ["bert", "roberta", "bart", "t5", "llama", "glm4", "glm of 2022", "chatglm2"];

    public static IReadOnlyList<string> Labels { get; } = [nameof(Example.Class), nameof(Example.Yes), nameof(Example.Number), nameof(Example.Flags)];

    /// <summary>The rows, with the class as a key, behind which the column Label is the one named.</summary>
    public static IDataView Data(MLContext ml, string label, IEnumerable<Example>? rows = null)
    {
        IDataView data = ml.Data.LoadFromEnumerable(rows ?? Rows);
        return ml.Transforms.Conversion.MapValueToKey(nameof(Example.Class)).Append(ml.Transforms.CopyColumns("Label", label)).Fit(data).Transform(data);
    }

    public static SequenceClassificationOptions Options(int epochs = 40, double learningRate = 1e-2) =>
        new() { Epochs = epochs, BatchSize = 4, LearningRate = learningRate, MaxTokens = 16, WarmupShare = 0, Seed = 1 };

    public static Checkpoint Network(string row)
    {
        TextEncoder tokenizer = WordPieceTrainer.Train([.. _texts, .. _texts], size: 120);
        JsonObject json = JsonNode.Parse(SmallConfigs.Rows[row])!.AsObject();
        json[json.ContainsKey("padded_vocab_size") ? "padded_vocab_size" : "vocab_size"] = tokenizer.MaxId + 1;
        json["pad_token_id"] = tokenizer.PadTokenId;
        json["eos_token_id"] = tokenizer.SeparatorTokenId;
        foreach (string dropout in _dropouts)
        {
            json[dropout] = 0;
        }
        return Checkpoint.FromConfig(ModelConfig.Parse(Encoding.UTF8.GetBytes(json.ToJsonString()), row), tokenizer);
    }

    public static SequenceClassificationTransformer Train(MLContext ml, string label, SequenceClassificationOptions? options = null, string row = "bert") =>
        ml.Transformers().SequenceClassification(Network(row), options ?? Options()).Fit(Data(ml, label));

    public static Answer[] Answers(IDataView scored)
    {
        float[][] scores = scored.Schema["Score"].Type is VectorDataViewType
            ? [.. scored.GetColumn<float[]>("Score")]
            : [.. scored.GetColumn<float>("Score").Select(score => new[] { score })];
        string[] predicted = scored.Schema.GetColumnOrNull("PredictedLabel")?.Type switch
        {
            null => new string[scores.Length],
            KeyDataViewType => [.. scored.GetColumn<uint>("PredictedLabel").Select(key => $"{key}")],
            VectorDataViewType => [.. scored.GetColumn<bool[]>("PredictedLabel").Select(flags => string.Join(',', flags))],
            _ => [.. scored.GetColumn<bool>("PredictedLabel").Select(yes => $"{yes}")],
        };
        return [.. scores.Zip(predicted, (score, label) => new Answer(score, label))];
    }

    public static void Equal(IEnumerable<Answer> expected, IEnumerable<Answer> actual, float tolerance) =>
        Assert.All(expected.Zip(actual), pair =>
        {
            Assert.Equal(pair.First.Predicted, pair.Second.Predicted);
            Assert.All(pair.First.Score.Zip(pair.Second.Score), score => Assert.Equal(score.First, score.Second, tolerance));
        });
}
