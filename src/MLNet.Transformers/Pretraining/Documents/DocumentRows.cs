using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Text;

namespace MLNet.Transformers.Pretraining;

/// <summary>The documents of a text column, one a row.</summary>
/// <param name="data">The rows.</param>
/// <param name="columns">The column.</param>
/// <param name="what">What to call the rows in the log.</param>
/// <param name="host">Log and cancellation.</param>
internal sealed class DocumentRows(IDataView data, TextColumns columns, string what, IHost host)
{
    /// <summary>Reads them, once; rows without a text are passed over and counted.</summary>
    public IEnumerable<string> Read()
    {
        IReadOnlyList<DataViewSchema.Column> found = columns.Find(data.Schema, host);
        long skipped = 0;
        using (DataViewRowCursor cursor = data.GetRowCursor(found))
        {
            Func<TextRow> read = TextColumns.Reader(cursor, found);
            while (cursor.MoveNext())
            {
                string text = read().Text;
                if (string.IsNullOrWhiteSpace(text))
                {
                    skipped++;
                }
                else
                {
                    yield return text;
                }
            }
        }
        if (skipped > 0)
        {
            host.Info($"{skipped:N0} {what} rows have no text, and are skipped.");
        }
    }
}
