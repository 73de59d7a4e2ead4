using Microsoft.ML;

namespace MLNet.Transformers.Evaluation;

/// <summary>Columns that say where entities stand in a text: their first characters, lengths and types, of each as many.</summary>
internal sealed class EvaluatedSpans(EvaluatedColumns columns, string role, string start, string length, string type)
{
    private readonly EvaluatedColumn<int[]> _starts = columns.Integers($"{role} start", start);
    private readonly EvaluatedColumn<int[]> _lengths = columns.Integers($"{role} length", length);
    private readonly EvaluatedColumn<string[]> _types = columns.Names($"{role} type", type, missing: "");

    public IReadOnlyList<DataViewSchema.Column> Columns => [_starts.Column, _lengths.Column, _types.Column];

    public Func<TaggedEntity[]> Getter(DataViewRow row)
    {
        (Func<int[]> starts, Func<int[]> lengths, Func<string[]> types) = (_starts.Getter(row), _lengths.Getter(row), _types.Getter(row));
        return () =>
        {
            (int[] start, int[] length, string[] type) = (starts(), lengths(), types());
            return start.Length == length.Length && start.Length == type.Length
                ? [.. type.Select((name, i) => new TaggedEntity(name, start[i], length[i]))]
                : throw new InvalidOperationException(
                    $"The columns {string.Join(", ", Columns.Select(column => $"'{column.Name}'"))}: Row {row.Position + 1}: there are {start.Length} starts, {length.Length} lengths and {type.Length} types of spans; expected as many of each.");
        };
    }
}
