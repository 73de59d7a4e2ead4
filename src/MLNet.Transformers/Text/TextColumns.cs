using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Interop;

namespace MLNet.Transformers.Text;

/// <summary>The one or two text columns of a task.</summary>
/// <param name="Text">Name of the column of the text.</param>
/// <param name="Pair">Name of the column of the second text, or null.</param>
internal sealed record TextColumns(string Text, string? Pair)
{
    /// <summary>What messages call the text.</summary>
    public string TextRole { get; init; } = "text";

    /// <summary>What messages call the second text.</summary>
    public string PairRole { get; init; } = "second text";

    public void Require(SchemaShape shape, IExceptionContext context)
    {
        shape.RequireText(context, TextRole, Text);
        if (Pair is not null)
        {
            shape.RequireText(context, PairRole, Pair);
        }
    }

    public IReadOnlyList<DataViewSchema.Column> Find(DataViewSchema schema, IExceptionContext context)
    {
        DataViewSchema.Column text = schema.RequireText(context, TextRole, Text);
        return Pair is null ? [text] : [text, schema.RequireText(context, PairRole, Pair)];
    }

    /// <summary>A function that reads the texts of the cursor's current row. A missing text is an empty one.</summary>
    public static Func<TextRow> Reader(DataViewRow row, IReadOnlyList<DataViewSchema.Column> columns)
    {
        ValueGetter<ReadOnlyMemory<char>> text = row.GetGetter<ReadOnlyMemory<char>>(columns[0]);
        ValueGetter<ReadOnlyMemory<char>>? pair = columns.Count > 1 ? row.GetGetter<ReadOnlyMemory<char>>(columns[1]) : null;
        ReadOnlyMemory<char> value = default;
        return () => new TextRow(Read(text), pair is null ? null : Read(pair));

        string Read(ValueGetter<ReadOnlyMemory<char>> getter)
        {
            getter(ref value);
            return value.ToString();
        }
    }
}
