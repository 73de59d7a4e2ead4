using Microsoft.ML;
using Microsoft.ML.Data;
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
    public IEnumerable<DocumentText> Read()
    {
        IReadOnlyList<DataViewSchema.Column> found = columns.Find(data.Schema, host);
        DataViewSchema.Column? continues = data.Schema.GetColumnOrNull(nameof(Document.ContinuesDocument)) is { Type: BooleanDataViewType } column ? column : null;
        long skipped = 0;
        using (DataViewRowCursor cursor = data.GetRowCursor([.. found, .. continues is { } asked ? [asked] : Array.Empty<DataViewSchema.Column>()]))
        {
            Func<TextRow> read = TextColumns.Reader(cursor, found);
            ValueGetter<bool>? readContinues = continues is { } flag ? cursor.GetGetter<bool>(flag) : null;
            bool goesOn = false;
            while (cursor.MoveNext())
            {
                string text = read().Text;
                if (string.IsNullOrWhiteSpace(text))
                {
                    skipped++;
                }
                else
                {
                    readContinues?.Invoke(ref goesOn);
                    yield return new DocumentText(text, goesOn);
                }
            }
        }
        if (skipped > 0)
        {
            host.Info($"{skipped:N0} {what} rows have no text, and are skipped.");
        }
    }
}
