using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Models;
using MLNet.Transformers.Training;

namespace MLNet.Transformers.SequenceClassification;

/// <summary>Any number of labels: each has a probability of its own. Labels are a yes or no for each, a number from 0 to 1 for each, or a list of keys.</summary>
internal sealed class MultiLabel : SequenceProblem
{
    public override string ProblemType => ProblemTypes.MultiLabel;

    public override string LabelType => "a vector of known size (as [VectorType(n)] makes it of an array) of Boolean or Single, or of keys";

    public override string SkippedBecause => "have a label that is no number, or none at all";

    public override IReadOnlyList<ClassificationMetric> Metrics { get; } =
        [ClassificationMetric.MicroF1, ClassificationMetric.MacroF1, ClassificationMetric.SubsetAccuracy, ClassificationMetric.Loss];

    public override bool Reads(SchemaShape.Column label) => label.IsKey
        ? label.Kind != SchemaShape.Column.VectorKind.Scalar
        : label.Kind == SchemaShape.Column.VectorKind.Vector && (label.ItemType is BooleanDataViewType || label.ItemType == NumberDataViewType.Single);

    public override LabelKeys Labels(DataViewSchema schema, string label, IDataView? validationSet, Checkpoint checkpoint, IHost host) =>
        schema[label].Type is VectorDataViewType { ItemType: KeyDataViewType }
            ? LabelKeys.Of(schema, label, validationSet, host)
            : LabelKeys.OfSlots(schema[label], validationSet?.Schema[label]);

    public override RowGetter<float[]> Getter(DataViewRow row, DataViewSchema.Column label, int count) =>
        ((VectorDataViewType)label.Type).ItemType switch
        {
            KeyDataViewType => OfKeys(row.KeysGetter(label), count),
            BooleanDataViewType => OfSlots<bool>(row, label, count, static value => value ? 1 : 0),
            _ => OfSlots<float>(row, label, count, value => value is (>= 0 and <= 1) or float.NaN ? value : throw new InvalidOperationException(
                $"The label column '{label.Name}' holds {value} in row {row.Position + 1}; the numbers of labels are from 0, no, to 1, yes.")),
        };

    public override float[] Scores(float[] logits)
    {
        var scores = new float[logits.Length];
        TensorPrimitives.Sigmoid<float>(logits, scores);
        return scores;
    }

    public override IReadOnlyList<OutputColumn<SequenceAnswer>> Outputs(SequenceClassificationSettings settings, IReadOnlyList<string> labels, KeyValues? keys) =>
    [
        new VectorColumn<SequenceAnswer, bool>(
            settings.PredictedLabelColumnName, BooleanDataViewType.Instance, labels.Count, labels, answer => Predicted(answer, settings.Threshold)),
        new VectorColumn<SequenceAnswer, float>(settings.ScoreColumnName, NumberDataViewType.Single, labels.Count, labels, static answer => answer.Scores),
    ];

    public override IReadOnlyDictionary<ClassificationMetric, double> Measure(IReadOnlyList<float[]> labels, IReadOnlyList<SequenceAnswer> answers, double threshold)
    {
        var metrics = MultiLabelMetrics.Of(
            [.. labels.Select(row => Array.ConvertAll(row, label => label >= 0.5f))], [.. answers.Select(answer => answer.Scores)], threshold);
        return new Dictionary<ClassificationMetric, double>
        {
            [ClassificationMetric.MicroF1] = metrics.Micro.F1, [ClassificationMetric.MacroF1] = metrics.Macro.F1,
            [ClassificationMetric.SubsetAccuracy] = metrics.SubsetAccuracy,
        };
    }

    private static bool[] Predicted(SequenceAnswer answer, double threshold) => Array.ConvertAll(answer.Scores, score => score >= (float)threshold);

    // A key that is missing is one that the labels do not know; the others count.
    private static RowGetter<float[]> OfKeys(ValueGetter<ulong[]> read, int count)
    {
        ulong[] keys = [];
        return (out float[] labels) =>
        {
            read(ref keys);
            labels = new float[count];
            foreach (ulong key in keys.Where(key => key != 0))
            {
                labels[key - 1] = 1;
            }
            return true;
        };
    }

    // Rows of a class's arrays have the array's length, whatever the column's type says; an array that is null is a vector without slots.
    private static RowGetter<float[]> OfSlots<T>(DataViewRow row, DataViewSchema.Column label, int count, Func<T, float> number)
    {
        ValueGetter<VBuffer<T>> read = row.GetGetter<VBuffer<T>>(label);
        VBuffer<T> values = default;
        return (out float[] labels) =>
        {
            read(ref values);
            if (values.Length != 0 && values.Length != count)
            {
                throw new InvalidOperationException(
                    $"The label column '{label.Name}' holds {values.Length} labels in row {row.Position + 1}; expected {count}, as many as its type says, or none where they are not known.");
            }
            labels = [.. values.DenseValues().Select(number)];
            return labels.Length > 0 && !labels.Any(float.IsNaN);
        };
    }
}
