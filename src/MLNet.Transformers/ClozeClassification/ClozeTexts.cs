using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Batching;
using MLNet.Transformers.Interop;
using MLNet.Transformers.SequenceToSequence;
using MLNet.Transformers.Text;
using MLNet.Transformers.Training;

namespace MLNet.Transformers.ClozeClassification;

/// <summary>Rows of texts with one label each, a key.</summary>
internal sealed class ClozeTexts(TextColumns columns, string label, SourceEncoder texts) : IRowReader<(TextRow Text, int Label), LabelledSequence<int>>
{
    public string SkippedBecause => "have no label, or one that is not among the key's values";

    public string? Report => texts.Report;

    public IReadOnlyList<DataViewSchema.Column> Find(DataViewSchema schema, IExceptionContext context) =>
        [.. columns.Find(schema, context), schema.RequireKey(context, "label", label)];

    public RowGetter<(TextRow Text, int Label)> Getter(DataViewRow row, IReadOnlyList<DataViewSchema.Column> found)
    {
        Func<TextRow> read = TextColumns.Reader(row, [.. found.SkipLast(1)]);
        ValueGetter<ulong> readKey = row.KeyGetter(found[^1]);
        ulong key = 0;
        return (out (TextRow Text, int Label) value) =>
        {
            readKey(ref key);
            value = key == 0 ? default : (read(), (int)key - 1);
            return key != 0;
        };
    }

    public LabelledSequence<int>[] Features((TextRow Text, int Label) row) => [new(new TokenSequence(texts.Encode(row.Text)), [row.Label])];
}
