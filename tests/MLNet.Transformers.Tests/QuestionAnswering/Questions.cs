using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Tests.QuestionAnswering;

/// <summary>Eight questions, two of them without an answer, and networks that learn them in a second.</summary>
internal static class Questions
{
    internal sealed class Row
    {
        public string Id { get; set; } = "";

        public string? Question { get; set; }

        public string? Context { get; set; }

        public string? Answer { get; set; }

        public int AnswerStart { get; set; } = -1;
    }

    internal sealed class Found
    {
        public string PredictedAnswer { get; set; } = "";

        public int PredictedAnswerStart { get; set; }

        public float Score { get; set; }

        public float NullScore { get; set; }

        public string[] TopAnswers { get; set; } = [];

        public int[] TopAnswerStarts { get; set; } = [];

        public float[] TopScores { get; set; } = [];
    }

    public static Row[] Rows { get; } =
    [
        Ask("who sleeps", "a lazy dog sleeps while we work", "a lazy dog"),
        Ask("where", "they met in old paris last spring", "old paris"),
        Ask("when", "she came home at noon", "noon"),
        Ask("what color", "green was the door of the shop", "green"),
        Ask("how many", "of all trees only seven birch trees stood", "seven"),
        Ask("which river", "the city lies on a river named elbe", "elbe"),
        Ask("who slept", "we work in the city", null),
        Ask("how old", "the door of the shop stood open", null),
    ];

    /// <summary>A tokenizer that knows each word of the rows, and of some more texts.</summary>
    public static TextEncoder Tokenizer(params string[] more)
    {
        IEnumerable<string> texts = [.. Rows.SelectMany(row => new[] { row.Question!, row.Context! }), .. more];
        return WordPieceTrainer.Train([.. texts, .. texts], size: 600);
    }

    public static Checkpoint Tiny(TextEncoder tokenizer, int positions = 24) => Checkpoint.FromConfig(
        new BertConfig
        {
            VocabularySize = tokenizer.MaxId + 1, HiddenSize = 16, Layers = 1, Heads = 2, IntermediateSize = 32, MaxPositions = positions, HiddenDropout = 0, AttentionDropout = 0,
        },
        tokenizer);

    public static QuestionAnsweringOptions Options(int epochs = 60) => new() { Epochs = epochs, BatchSize = 8, LearningRate = 2e-2, WarmupShare = 0 };

    public static QuestionAnsweringTransformer Train(MLContext ml, QuestionAnsweringOptions? options = null, IEnumerable<Row>? rows = null) =>
        ml.Transformers().QuestionAnswering(Tiny(Tokenizer()), options ?? Options()).Fit(ml.Data.LoadFromEnumerable(rows ?? Rows));

    public static Row Ask(string question, string context, string? answer, string id = "") => new()
    {
        Id = id, Question = question, Context = context, Answer = answer, AnswerStart = answer is null ? -1 : context.IndexOf(answer, StringComparison.Ordinal),
    };

    public static Found[] Answers(MLContext ml, ITransformer model, IEnumerable<Row> rows) => Read(ml, model.Transform(ml.Data.LoadFromEnumerable(rows)));

    public static Found[] Read(MLContext ml, IDataView answered) => [.. ml.Data.CreateEnumerable<Found>(answered, reuseRowObject: false, ignoreMissingColumns: false)];

    public static List<string> Log(MLContext ml)
    {
        var lines = new List<string>();
        ml.Log += (_, entry) => lines.Add(entry.RawMessage);
        return lines;
    }
}
