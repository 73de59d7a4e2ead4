using Microsoft.ML;
using MLNet.Transformers.Models;
using MLNet.Transformers.Tests.SequenceClassification;

namespace MLNet.Transformers.Tests.Contracts;

internal sealed class SequenceClassificationContract : TaskContract
{
    private sealed class Answer
    {
        public uint PredictedLabel { get; set; }

        public float[] Score { get; set; } = [];
    }

    private static readonly Reviews.Review[] _rows = Reviews.Rows[..8];

    public override IReadOnlyList<HeadKind> Heads => [HeadKind.SequenceClassification];

    public override IEnumerable<string> Texts => _rows.Select(row => row.Text!);

    public override IReadOnlyList<string> Outputs => ["PredictedLabel", "Score"];

    public override IDataView Rows(MLContext ml) => Reviews.Keyed(ml, _rows);

    public override IEstimator<ITransformer> Trainer(MLContext ml, Checkpoint checkpoint, Action<TrainingOptions> settings)
    {
        var options = new SequenceClassificationOptions();
        settings(options);
        return ml.Transformers().SequenceClassification(checkpoint, options);
    }

    public override IEstimator<ITransformer> Apply(MLContext ml, Checkpoint checkpoint, Action<TextOptions> settings)
    {
        var options = new ApplySequenceClassificationOptions();
        settings(options);
        return ml.Transformers().ApplySequenceClassification(checkpoint, options);
    }

    public override double Judge(MLContext ml, IDataView predicted) => ml.MulticlassClassification.Evaluate(predicted).MicroAccuracy;

    public override string[] Engine(MLContext ml, ITransformer model) => Engine<Reviews.Review, Answer>(ml, model, _rows, Outputs);

    public override void SaveCheckpoint(ITransformer model, string folder) => ((SequenceClassificationTransformer)model).SaveCheckpoint(folder);

    public override IReadOnlyDictionary<string, (Func<MLContext, IDataView> Rows, string[] Words)> BadInput { get; } =
        new Dictionary<string, (Func<MLContext, IDataView>, string[])>
        {
            ["no text column"] = (ml => ml.Transforms.DropColumns("Text").Fit(Reviews.Keyed(ml)).Transform(Reviews.Keyed(ml)), ["Text"]),
            ["no label column"] = (ml => ml.Data.LoadFromEnumerable(Reviews.Rows), ["Label"]),
            ["a label that is a text"] = (ml => ml.Transforms.CopyColumns("Label", "Sentiment").Fit(Reviews.Keyed(ml)).Transform(Reviews.Keyed(ml)), ["Label", "Key"]),
            ["one class"] = (ml => Reviews.Keyed(ml, Reviews.Rows.Where(row => row.Sentiment == "good")), ["'good'", "Label"]),
            ["no row"] = (ml => Reviews.Keyed(ml, []), ["row"]),
        };
}
