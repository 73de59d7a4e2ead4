using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Evaluation;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Models;
using MLNet.Transformers.Training;

namespace MLNet.Transformers.SequenceClassification;

/// <summary>One class of several, a key: ML.NET's multiclass classification.</summary>
internal sealed class SingleLabel : SequenceProblem
{
    public override string ProblemType => ProblemTypes.SingleLabel;

    public override string LabelType => "Key (as MapValueToKey makes it)";

    public override IReadOnlyList<ClassificationMetric> Metrics { get; } = [ClassificationMetric.Accuracy, ClassificationMetric.MacroF1, ClassificationMetric.Loss];

    public override bool Reads(SchemaShape.Column label) => label.IsKey && label.Kind == SchemaShape.Column.VectorKind.Scalar;

    public override LabelKeys Labels(DataViewSchema schema, string label, IDataView? validationSet, Checkpoint checkpoint, IHost host) =>
        LabelKeys.Of(schema, label, validationSet, host);

    public override RowGetter<float[]> Getter(DataViewRow row, DataViewSchema.Column label, int count)
    {
        ValueGetter<ulong> read = row.KeyGetter(label);
        ulong key = 0;
        return (out float[] labels) =>
        {
            read(ref key);
            labels = [(float)key - 1];
            return key != 0;
        };
    }

    public override float[] Scores(float[] logits) => Softmax(logits);

    public override IReadOnlyList<OutputColumn<SequenceAnswer>> Outputs(SequenceClassificationSettings settings, IReadOnlyList<string> labels, KeyValues? keys) =>
    [
        new KeyColumn<SequenceAnswer>(settings.PredictedLabelColumnName, labels.Count, keys, static answer => Best(answer)),
        new ScoresColumn<SequenceAnswer>(settings.ScoreColumnName, labels.Count, keys, static answer => answer.Scores),
    ];

    public override IReadOnlyDictionary<ClassificationMetric, double> Measure(IReadOnlyList<float[]> labels, IReadOnlyList<SequenceAnswer> answers, double threshold) =>
        ClassificationMetrics.Of(answers[0].Scores.Length, labels.Zip(answers, static (label, answer) => ((int)label[0], Best(answer))));

    private static int Best(SequenceAnswer answer) => TensorPrimitives.IndexOfMax<float>(answer.Scores);
}
