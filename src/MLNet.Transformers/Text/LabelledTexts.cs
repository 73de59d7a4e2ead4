using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Batching;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Training;

namespace MLNet.Transformers.Text;

/// <summary>Rows of texts with one label each, a key.</summary>
/// <param name="columns">The text columns.</param>
/// <param name="label">Name of the label column.</param>
/// <param name="tokenizer">Makes tokens of the texts.</param>
internal sealed class LabelledTexts(TextColumns columns, string label, RowTokenizer tokenizer) : IRowReader<(TextRow Text, int Label), LabelledSequence<int>>
{
    public string SkippedBecause => "have no label, or one that is not among the key's values";

    public string? Report => tokenizer.Report;

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

    public LabelledSequence<int>[] Features((TextRow Text, int Label) row) => [new(tokenizer.Encode(row.Text), [row.Label])];
}
