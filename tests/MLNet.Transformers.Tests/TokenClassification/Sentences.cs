using System.Text;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Tests.Models;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Tests.TokenClassification;

/// <summary>Eight sentences with people and places, and networks that learn them by heart in a second.</summary>
internal static class Sentences
{
    internal sealed class Tagged
    {
        public string?[]? Words { get; set; }

        public string?[]? Tags { get; set; }
    }

    internal sealed class Spanned
    {
        public string? Text { get; set; }

        public int[] SpanStart { get; set; } = [];

        public int[] SpanLength { get; set; } = [];

        public string[] SpanType { get; set; } = [];
    }

    internal sealed class Plain
    {
        public string? Text { get; set; }
    }

    internal sealed class Answer : EntityPrediction
    {
        public string[] PredictedTags { get; set; } = [];
    }

    public static Tagged[] Rows { get; } =
    [
        Row("Maria/B-PER lives in Lima/B-LOC"), Row("New/B-LOC Delhi/I-LOC is large"), Row("we met Omar/B-PER Khan/I-PER in Oslo/B-LOC"), Row("nothing to see here"),
        Row("Omar/B-PER likes New/B-LOC York/I-LOC"), Row("is Lima/B-LOC far from Oslo/B-LOC ?"), Row("ask Maria/B-PER Silva/I-PER"), Row("here we met"),
    ];

    // Each text once more, so that all of its words become tokens, and some letters besides.
    public static TextEncoder Tokenizer { get; } = WordPieceTrainer.Train([.. Texts(Rows), .. Texts(Rows), "abcdefghijklmnopqrstuvwxyz ? ! . ,"], size: 180);

    /// <summary>"Maria/B-PER lives": words, and behind a slash their tags.</summary>
    public static Tagged Row(string text)
    {
        string[][] words = [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word.Split('/'))];
        return new Tagged { Words = [.. words.Select(word => word[0])], Tags = [.. words.Select(word => word.Length > 1 ? word[1] : "O")] };
    }

    public static IEnumerable<string> Texts(IEnumerable<Tagged> rows) => rows.Select(row => string.Join(' ', row.Words!));

    public static IDataView Data(MLContext ml, params IEnumerable<Tagged> rows) => ml.Data.LoadFromEnumerable(rows);

    /// <summary>The rows with tags as keys.</summary>
    public static IDataView Keyed(MLContext ml, IEnumerable<Tagged> rows, params string[] tags)
    {
        IDataView data = ml.Data.LoadFromEnumerable(rows), keys = ml.Data.LoadFromEnumerable(tags.Select(tag => new { Tag = tag }));
        return ml.Transforms.Conversion.MapValueToKey("Tags", keyData: keys).Fit(data).Transform(data);
    }

    public static TokenClassificationOptions Options(int epochs = 60) =>
        new() { Epochs = epochs, BatchSize = 4, LearningRate = 1e-2, WarmupShare = 0, MaxTokens = 19, Schedule = LearningRateSchedule.Constant };

    public static Checkpoint Tiny(int layers = 1) => Checkpoint.FromConfig(
        new BertConfig
        {
            VocabularySize = Tokenizer.MaxId + 1, HiddenSize = 24, Layers = layers, Heads = 2, IntermediateSize = 32, MaxPositions = 40, HiddenDropout = 0, AttentionDropout = 0,
        },
        Tokenizer);

    /// <summary>One of the small networks of every architecture, with a tokenizer's vocabulary and without dropout.</summary>
    public static Checkpoint Small(string row, TextEncoder tokenizer)
    {
        JsonObject json = JsonNode.Parse(SmallConfigs.Rows[row])!.AsObject();
        json[json.ContainsKey("padded_vocab_size") ? "padded_vocab_size" : "vocab_size"] = tokenizer.MaxId + 1;
        json["pad_token_id"] = tokenizer.PadTokenId;
        json["eos_token_id"] = tokenizer.SeparatorTokenId;
        foreach (string key in (string[])["dropout", "dropout_rate", "hidden_dropout_prob", "attention_probs_dropout_prob", "attention_dropout", "activation_dropout", "classifier_dropout", "embd_pdrop"])
        {
            json[key] = 0.0;
        }
        return Checkpoint.FromConfig(ModelConfig.Parse(Encoding.UTF8.GetBytes(json.ToJsonString()), row), tokenizer);
    }

    public static TokenClassificationTransformer Train(MLContext ml, TokenClassificationOptions? options = null) =>
        ml.Transformers().TokenClassification(Tiny(), options ?? Options()).Fit(Data(ml, Rows));

    /// <summary>The predicted tags of each row, as text; missing ones are empty.</summary>
    public static string[][] Tags(IDataView predicted)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        predicted.Schema["PredictedTags"].GetKeyValues(ref names);
        string[] values = [.. names.DenseValues().Select(name => name.ToString())];
        return [.. predicted.GetColumn<uint[]>("PredictedTags").Select(row => row.Select(key => key == 0 ? "" : values[key - 1]).ToArray())];
    }

    public static string[][] Gold(IEnumerable<Tagged> rows) => [.. rows.Select(row => row.Tags!.Select(tag => tag!).ToArray())];

    public static float[][] Scores(IDataView predicted) => [.. predicted.GetColumn<float[]>("Score")];

    public static List<string> Log(MLContext ml)
    {
        var lines = new List<string>();
        ml.Log += (_, entry) => lines.Add(entry.RawMessage);
        return lines;
    }
}
