using Microsoft.ML;

namespace MLNet.Transformers.Interop;

/// <summary>How a transformer's columns sit on one input schema. Columns that pass through keep their index.</summary>
internal sealed class ColumnBinding
{
    /// <param name="input">The schema bound to.</param>
    /// <param name="read">The columns of it that the transformer reads.</param>
    /// <param name="outputs">The columns that it adds, in their order.</param>
    public ColumnBinding(DataViewSchema input, IReadOnlyList<DataViewSchema.Column> read, IEnumerable<DataViewSchema.DetachedColumn> outputs)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(input);
        foreach (DataViewSchema.DetachedColumn column in outputs)
        {
            builder.AddColumn(column.Name, column.Type, column.Annotations);
        }
        (Input, Read, Output) = (input, read, builder.ToSchema());
    }

    public DataViewSchema Input { get; }

    public DataViewSchema Output { get; }

    public IReadOnlyList<DataViewSchema.Column> Read { get; }

    public int OutputCount => Output.Count - Input.Count;

    public bool PassesThrough(int column) => column < Input.Count;

    public bool[] Active(IEnumerable<DataViewSchema.Column> columns)
    {
        var active = new bool[Output.Count];
        foreach (DataViewSchema.Column column in columns)
        {
            active[column.Index] = true;
        }
        return active;
    }

    public bool AnyOutput(bool[] active) => active.AsSpan(Input.Count).Contains(true);

    /// <summary>The input columns to ask for: those passed through, and those read where an output is wanted.</summary>
    public IEnumerable<DataViewSchema.Column> Needed(bool[] active)
    {
        HashSet<int> read = AnyOutput(active) ? [.. Read.Select(column => column.Index)] : [];
        return Input.Where(column => active[column.Index] || read.Contains(column.Index));
    }
}
