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
    /// <summary>The classes of a head that was trained on Boolean labels, in their order: no, yes.</summary>
    public static IReadOnlyList<string> Classes { get; } = [bool.FalseString, bool.TrueString];

    public override string ProblemType => ProblemTypes.SingleLabel;

    public override string LabelType => "Boolean";

    public override IReadOnlyList<ClassificationMetric> Metrics { get; } = [ClassificationMetric.Accuracy, ClassificationMetric.MacroF1, ClassificationMetric.Loss];

    public override bool Reads(SchemaShape.Column label) => label.ItemType is BooleanDataViewType && label.Kind == SchemaShape.Column.VectorKind.Scalar;

    public override LabelKeys Labels(DataViewSchema schema, string label, IDataView? validationSet, Checkpoint checkpoint, IHost host) =>
        LabelKeys.Of(label, Classes);

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

    public override IReadOnlyList<OutputColumn<SequenceAnswer>> Outputs(SequenceClassificationSettings settings, IReadOnlyList<string> labels, KeyValues? keys)
    {
        (int yes, double threshold) = (settings.PositiveClass, settings.Threshold);
        return
        [
            ScalarColumns.BinaryLabel<SequenceAnswer>(settings.PredictedLabelColumnName, answer => answer.Scores[yes] >= threshold),
            ScalarColumns.BinaryScore<SequenceAnswer>(settings.ScoreColumnName, answer => answer.Logits[yes] - answer.Logits[1 - yes]),
            ScalarColumns.BinaryProbability<SequenceAnswer>(settings.ProbabilityColumnName, answer => answer.Scores[yes]),
        ];
    }

    public override IReadOnlyDictionary<ClassificationMetric, double> Measure(IReadOnlyList<float[]> labels, IReadOnlyList<SequenceAnswer> answers, double threshold) =>
        ClassificationMetrics.Of(2, labels.Zip(answers, (label, answer) => ((int)label[0], answer.Scores[1] >= threshold ? 1 : 0)));
}
