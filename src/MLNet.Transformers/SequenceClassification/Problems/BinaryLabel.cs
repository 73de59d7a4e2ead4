using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Evaluation;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Models;
using MLNet.Transformers.Training;

namespace MLNet.Transformers.SequenceClassification;

/// <summary>Yes or no: ML.NET's binary classification. The head has two classes, as the reference's have, and the score is what the logit of yes is above that of no.</summary>
internal sealed class BinaryLabel : SequenceProblem
{
    public override string ProblemType => ProblemTypes.SingleLabel;

    public override string LabelType => "Boolean";

    public override IReadOnlyList<ClassificationMetric> Metrics { get; } = [ClassificationMetric.Accuracy, ClassificationMetric.MacroF1, ClassificationMetric.Loss];

    public override bool Reads(SchemaShape.Column label) => label.ItemType is BooleanDataViewType && label.Kind == SchemaShape.Column.VectorKind.Scalar;

    public override LabelKeys Labels(DataViewSchema schema, string label, IDataView? validationSet, Checkpoint checkpoint, IHost host) =>
        LabelKeys.Of(label, [bool.FalseString, bool.TrueString]);

    public override RowGetter<float[]> Getter(DataViewRow row, DataViewSchema.Column label, int count)
    {
        ValueGetter<bool> read = row.GetGetter<bool>(label);
        bool value = false;
        return (out float[] labels) =>
        {
            read(ref value);
            labels = [value ? 1 : 0];
            return true;
        };
    }

    public override float[] Scores(float[] logits) => Softmax(logits);

    public override IReadOnlyList<OutputColumn<SequenceAnswer>> Outputs(SequenceClassificationSettings settings, IReadOnlyList<string> labels, KeyValues? keys) =>
    [
        ScalarColumns.BinaryLabel<SequenceAnswer>(settings.PredictedLabelColumnName, answer => IsYes(answer, settings.Threshold)),
        ScalarColumns.BinaryScore<SequenceAnswer>(settings.ScoreColumnName, static answer => answer.Logits[1] - answer.Logits[0]),
        ScalarColumns.BinaryProbability<SequenceAnswer>(settings.ProbabilityColumnName, static answer => answer.Scores[1]),
    ];

    public override IReadOnlyDictionary<ClassificationMetric, double> Measure(IReadOnlyList<float[]> labels, IReadOnlyList<SequenceAnswer> answers, double threshold) =>
        ClassificationMetrics.Of(2, labels.Zip(answers, (label, answer) => ((int)label[0], IsYes(answer, threshold) ? 1 : 0)));

    private static bool IsYes(SequenceAnswer answer, double threshold) => answer.Scores[1] >= threshold;
}
