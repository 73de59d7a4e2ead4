using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Transformers.Tests.SequenceClassification;

/// <summary>Ten short reviews, and pipelines over them that are trained in a second.</summary>
internal static class Reviews
{
    internal sealed class Review
    {
        public string Sentiment { get; set; } = "";

        public string? Text { get; set; }

        public string? Pair { get; set; }
    }

    internal sealed class Answer
    {
        public uint PredictedLabel { get; set; }

        public float[] Score { get; set; } = [];
    }

    public static Review[] Rows { get; } =
    [
        .. SampleNetworks.Positive.Zip(SampleNetworks.Negative, (good, bad) => new[]
        {
            new Review { Text = good, Sentiment = "good", Pair = "yes" }, new Review { Text = bad, Sentiment = "bad", Pair = "no" },
        }).SelectMany(pair => pair),
    ];

    public static SequenceClassificationOptions Options(int epochs = 12) => new() { Epochs = epochs, BatchSize = 5, LearningRate = 2e-2, MaxTokens = 16, WarmupShare = 0 };

    /// <summary>Rows with the column Label, a key whose values are in alphabetical order.</summary>
    public static IDataView Keyed(MLContext ml, IEnumerable<Review>? rows = null, string keys = "bad,good")
    {
        IDataView data = ml.Data.LoadFromEnumerable(rows ?? Rows);
        IDataView keyData = ml.Data.LoadFromEnumerable(keys.Split(',').Select(key => new Review { Sentiment = key }));
        return ml.Transforms.Conversion.MapValueToKey("Label", nameof(Review.Sentiment), keyData: ml.Transforms.SelectColumns(nameof(Review.Sentiment)).Fit(keyData).Transform(keyData))
            .Fit(data).Transform(data);
    }

    public static SequenceClassificationTransformer Train(MLContext ml, SequenceClassificationOptions? options = null) =>
        ml.Transformers().SequenceClassification(SampleNetworks.Tiny(), options ?? Options()).Fit(Keyed(ml));

    public static float[][] Scores(IDataView scored) => [.. scored.GetColumn<float[]>("Score")];

    public static float[][] Scores(MLContext ml, ITransformer model, params string?[] texts) =>
        Scores(model.Transform(ml.Data.LoadFromEnumerable(texts.Select(text => new Review { Text = text }))));

    public static List<string> Log(MLContext ml)
    {
        var lines = new List<string>();
        ml.Log += (_, entry) => lines.Add(entry.RawMessage);
        return lines;
    }
}
