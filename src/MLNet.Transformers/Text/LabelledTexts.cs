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
/// <param name="sequences">Makes the sequences of a row.</param>
internal sealed class LabelledTexts(
    TextColumns columns, string label, Func<DataViewRow, DataViewSchema.Column, RowGetter<float[]>> labels, string skippedBecause,
    TextSequences sequences) : IRowReader<(TextRow Text, float[] Labels), LabelledSequence<float>>
{
    public string SkippedBecause => skippedBecause;

    public string? Report => sequences.Report;

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

    public LabelledSequence<float>[] Features((TextRow Text, float[] Labels) row) =>
        Array.ConvertAll(sequences.Read(row.Text), tokens => new LabelledSequence<float>(tokens, row.Labels));
}
