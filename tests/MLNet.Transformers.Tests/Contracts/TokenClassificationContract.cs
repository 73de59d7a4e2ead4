using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Transformers.Models;
using MLNet.Transformers.Tests.TokenClassification;

namespace MLNet.Transformers.Tests.Contracts;

internal sealed class TokenClassificationContract : TaskContract
{
    private sealed class Answer
    {
        public string[] Tags { get; set; } = [];

        public uint[] PredictedTags { get; set; } = [];

        public float[] Score { get; set; } = [];

        public int[] WordStart { get; set; } = [];

        public int[] WordLength { get; set; } = [];

        public string[] EntityText { get; set; } = [];

        public string[] EntityType { get; set; } = [];

        public int[] EntityStart { get; set; } = [];

        public int[] EntityLength { get; set; } = [];

        public float[] EntityScore { get; set; } = [];
    }

    public override IReadOnlyList<HeadKind> Heads => [HeadKind.TokenClassification];

    public override IEnumerable<string> Texts => Sentences.Texts(Sentences.Rows);

    public override IReadOnlyList<string> Outputs =>
        ["PredictedTags", "Score", "WordStart", "WordLength", "EntityText", "EntityType", "EntityStart", "EntityLength", "EntityScore"];

    public override IDataView Rows(MLContext ml) => Sentences.Data(ml, Sentences.Rows);

    public override IEstimator<ITransformer> Trainer(MLContext ml, Checkpoint checkpoint, Action<TrainingOptions> settings)
    {
        var options = new TokenClassificationOptions();
        settings(options);
        // A tag for each of thirty words is more to learn than eight labels.
        options.Epochs += options.Epochs / 2;
        return ml.Transformers().TokenClassification(checkpoint, options);
    }

    public override IEstimator<ITransformer> Apply(MLContext ml, Checkpoint checkpoint, Action<TextOptions> settings)
    {
        var options = new ApplyTokenClassificationOptions();
        settings(options);
        return ml.Transformers().ApplyTokenClassification(checkpoint, options);
    }

    public override double Judge(MLContext ml, IDataView predicted) =>
        EntityMetrics.Of([.. predicted.GetColumn<string[]>("Tags")], Sentences.Tags(predicted), TagScheme.Iob2).Micro.F1;

    public override string[] Engine(MLContext ml, ITransformer model) => Engine<Sentences.Tagged, Answer>(ml, model, Sentences.Rows, Outputs);

    public override void SaveCheckpoint(ITransformer model, string folder) => ((TokenClassificationTransformer)model).SaveCheckpoint(folder);

    public override IReadOnlyDictionary<string, (Func<MLContext, IDataView> Rows, string[] Words)> BadInput { get; } =
        new Dictionary<string, (Func<MLContext, IDataView>, string[])>
        {
            ["neither words nor text"] = (ml => ml.Data.LoadFromEnumerable(new[] { new { Other = "a" } }), ["'Words'", "'Text'"]),
            ["no tags"] = (ml => ml.Data.LoadFromEnumerable(new[] { new { Words = new[] { "a" } } }), ["Tags"]),
            ["no spans"] = (ml => ml.Data.LoadFromEnumerable(new[] { new { Text = "a" } }), ["needed are 'Words' with 'Tags', or 'Text' with 'Tags' or with 'SpanStart', 'SpanLength' and 'SpanType'"]),
            ["spans without types"] = (
                ml => ml.Data.LoadFromEnumerable(new[] { new { Text = "a", SpanStart = new[] { 0 }, SpanLength = new[] { 1 } } }), ["could not find 'Tags', nor 'SpanType'."]),
            ["no row"] = (ml => Sentences.Data(ml), ["No training row is usable: there is no row"]),
            ["no row with spans"] = (ml => ml.Data.LoadFromEnumerable(Array.Empty<Sentences.Spanned>()), ["No training row is usable: there is no row"]),
            ["no span in any text"] = (ml => ml.Data.LoadFromEnumerable(new[] { new Sentences.Spanned { Text = "a" } }), ["'O'", "SpanType"]),
            ["no tag in any row"] = (ml => Sentences.Data(ml, new Sentences.Tagged { Words = ["a"], Tags = [""] }), ["No training row is usable", "none with a tag"]),
            ["words that are one text"] = (ml => ml.Data.LoadFromEnumerable(new[] { new { Words = "a", Tags = new[] { "O" } } }), ["Words", "Vector of String"]),
            ["tags that are numbers"] = (ml => ml.Data.LoadFromEnumerable(new[] { new { Words = new[] { "a" }, Tags = new[] { 1f } } }), ["Tags", "Vector of String, or of Key"]),
            ["lengths that differ"] = (ml => Sentences.Data(ml, [.. Sentences.Rows, new() { Words = ["a", "b"], Tags = ["O"] }]), ["Row 9", "2 words but 1 tags"]),
            ["tags without words"] = (ml => Sentences.Data(ml, [.. Sentences.Rows, new() { Words = [], Tags = ["O"] }]), ["Row 9", "0 words but 1 tags"]),
            ["a broken sequence"] = (ml => Sentences.Data(ml, [Sentences.Row("Maria/B-PER in/O Lima/I-LOC")]), ["Row 1", "'I-LOC' of word 3 ('Lima')", "'B-LOC'"]),
            ["one tag"] = (ml => Sentences.Data(ml, Sentences.Row("a b c")), ["'O'", "Tags"]),
            ["only empty rows"] = (ml => Sentences.Keyed(ml, [new() { Words = [], Tags = [] }, new()], "O", "B-X"), ["No training row is usable", "have no words"]),
        };
}
