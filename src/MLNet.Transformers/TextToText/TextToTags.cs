using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Text;

namespace MLNet.Transformers.TextToText;

/// <summary>A written text as a tag for each word: as many as there are words, whatever was written.</summary>
/// <param name="TextColumnName">Column of the text.</param>
/// <param name="WordsColumnName">Column of the words.</param>
/// <param name="PredictedTagsColumnName">Column for the tags.</param>
/// <param name="Missing">The tag of words for which none was written.</param>
internal sealed record TextToTags(string TextColumnName, string WordsColumnName, string PredictedTagsColumnName, string Missing) : TextConversion<string[]>
{
    public override void Require(SchemaShape shape, IHost host)
    {
        shape.RequireText(host, "text", TextColumnName);
        shape.Require(host, "words", WordsColumnName, "a vector of String", static column => column.ItemType is TextDataViewType && column.Kind != SchemaShape.Column.VectorKind.Scalar);
    }

    protected override IReadOnlyList<OutputColumn<string[]>> Outputs(KeyValues? keys) =>
        [PlainColumns.Texts<string[]>(PredictedTagsColumnName, static tags => tags)];

    protected override IReadOnlyList<DataViewSchema.Column> Find(DataViewSchema schema, IHost host)
    {
        schema.Require(host, "words", WordsColumnName, "a vector of String", static column => column.ItemType is TextDataViewType && column.Kind != SchemaShape.Column.VectorKind.Scalar);
        return [schema.RequireText(host, "text", TextColumnName), schema[WordsColumnName]];
    }

    protected override Func<string[]> Reader(DataViewRow row, IReadOnlyList<DataViewSchema.Column> columns, KeyValues? keys)
    {
        Func<TextRow> read = TextColumns.Reader(row, [columns[0]]);
        ValueGetter<VBuffer<ReadOnlyMemory<char>>> words = row.GetGetter<VBuffer<ReadOnlyMemory<char>>>(columns[1]);
        VBuffer<ReadOnlyMemory<char>> value = default;
        return () =>
        {
            words(ref value);
            string[] written = read().Text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return [.. Enumerable.Range(0, value.Length).Select(word => word < written.Length && written[word] != ColumnText.Filler ? written[word] : Missing)];
        };
    }
}
