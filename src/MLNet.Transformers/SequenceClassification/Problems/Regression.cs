using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Evaluation;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Models;
using MLNet.Transformers.Training;

namespace MLNet.Transformers.SequenceClassification;

/// <summary>A number, learnt by its squared error: ML.NET's regression.</summary>
internal sealed class Regression : SequenceProblem
{
    public override string ProblemType => ProblemTypes.Regression;

    public override string LabelType => "Single (as ConvertType makes it of other numbers)";

    public override string SkippedBecause => "have no finite number as their label";

    public override IReadOnlyList<ClassificationMetric> Metrics { get; } =
        [ClassificationMetric.MeanSquaredError, ClassificationMetric.Pearson, ClassificationMetric.Spearman, ClassificationMetric.Loss];

    public override bool Reads(SchemaShape.Column label) =>
        label.ItemType == NumberDataViewType.Single && label.Kind == SchemaShape.Column.VectorKind.Scalar;

    // One output has no name to speak of: a head that is there keeps its own.
    public override LabelKeys Labels(DataViewSchema schema, string label, IDataView? validationSet, Checkpoint checkpoint, IHost host) =>
        LabelKeys.Of(label, checkpoint.Config.Labels is [var only] ? [only] : ["LABEL_0"]);

    public override RowGetter<float[]> Getter(DataViewRow row, DataViewSchema.Column label, int count)
    {
        ValueGetter<float> read = row.GetGetter<float>(label);
        float value = 0;
        return (out float[] labels) =>
        {
            read(ref value);
            labels = [value];
            return float.IsFinite(value);
        };
    }

    public override float[] Scores(float[] logits) => logits;

    public override IReadOnlyList<OutputColumn<SequenceAnswer>> Outputs(SequenceClassificationSettings settings, IReadOnlyList<string> labels, KeyValues? keys) =>
        [ScalarColumns.Number<SequenceAnswer>(settings.ScoreColumnName, static answer => answer.Scores[0])];

    public override IReadOnlyDictionary<ClassificationMetric, double> Measure(IReadOnlyList<float[]> labels, IReadOnlyList<SequenceAnswer> answers, double threshold) =>
        NumberMetrics.Of([.. labels.Select(label => (double)label[0])], [.. answers.Select(answer => (double)answer.Scores[0])]);
}
