using Microsoft.ML;

namespace MLNet.Transformers.Evaluation;

/// <summary>Reads the columns that are judged, once through the data.</summary>
internal static class EvaluatedRows
{
    /// <exception cref="InvalidOperationException">There is no row.</exception>
    public static List<TRow> Of<TRow>(IDataView data, IReadOnlyList<DataViewSchema.Column> columns, Func<DataViewRow, Func<TRow>> open)
    {
        var rows = new List<TRow>();
        using DataViewRowCursor cursor = data.GetRowCursor(columns);
        Func<TRow> read = open(cursor);
        while (cursor.MoveNext())
        {
            rows.Add(read());
        }
        return rows.Count > 0 ? rows : throw new InvalidOperationException($"{Columns(columns.Select(column => column.Name))}: There is no row.");
    }

    public static List<(TGold Gold, TPredicted Predicted)> Of<TGold, TPredicted>(IDataView data, EvaluatedColumn<TGold> gold, EvaluatedColumn<TPredicted> predicted) =>
        Of<(TGold, TPredicted)>(data, [gold.Column, predicted.Column], row =>
        {
            (Func<TGold> readGold, Func<TPredicted> readPredicted) = (gold.Getter(row), predicted.Getter(row));
            return () => (readGold(), readPredicted());
        });

    /// <summary>Metrics of rows; what is wrong with a row is said with the columns.</summary>
    /// <exception cref="InvalidOperationException">Rows cannot be judged.</exception>
    public static T Judge<T>(Func<T> metrics, params string?[] columns)
    {
        try
        {
            return metrics();
        }
        catch (ArgumentException error) when (error is not ArgumentOutOfRangeException)
        {
            throw new InvalidOperationException($"{Columns(columns)}: {error.Message}", error);
        }
    }

    private static string Columns(IEnumerable<string?> names) => $"The columns {string.Join(", ", names.OfType<string>().Select(name => $"'{name}'"))}";
}
