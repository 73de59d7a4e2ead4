using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Batching;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Training;

namespace MLNet.Transformers.Text;

/// <summary>Rows of texts with their labels.</summary>
/// <param name="columns">The text columns.</param>
/// <param name="label">Name of the label column.</param>
/// <param name="labels">Reads a row's labels of that column.</param>
/// <param name="skippedBecause">Why it gives none.</param>
/// <param name="report">A line for the log about the rows that were read; null: there is none.</param>
/// <param name="features">Makes a row's features of its texts and labels.</param>
internal sealed class LabelledTexts<TFeature>(
    TextColumns columns, string label, Func<DataViewRow, DataViewSchema.Column, RowGetter<float[]>> labels, string skippedBecause,
    Func<string?> report, Func<TextRow, float[], TFeature[]> features) : IRowReader<(TextRow Text, float[] Labels), TFeature>
    where TFeature : IFeature
{
    public string SkippedBecause => skippedBecause;

    public string? Report => report();

    public IReadOnlyList<DataViewSchema.Column> Find(DataViewSchema schema, IExceptionContext context) =>
        [.. columns.Find(schema, context), schema.Require(context, "label", label)];

    public RowGetter<(TextRow Text, float[] Labels)> Getter(DataViewRow row, IReadOnlyList<DataViewSchema.Column> found)
    {
        Func<TextRow> read = TextColumns.Reader(row, [.. found.SkipLast(1)]);
        RowGetter<float[]> readLabels = labels(row, found[^1]);
        return (out (TextRow Text, float[] Labels) value) =>
        {
            bool any = readLabels(out float[] given);
            value = any ? (read(), given) : default;
            return any;
        };
    }

    public TFeature[] Features((TextRow Text, float[] Labels) row) => features(row.Text, row.Labels);
}
