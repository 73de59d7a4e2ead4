using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Batching;
using MLNet.Transformers.Interop;
using static System.FormattableString;

namespace MLNet.Transformers.Training;

/// <summary>Reads rows once and makes their features on all cores; those that have nothing to teach are counted.</summary>
internal static class RowFeatures
{
    private const int RowsAtOnce = 4096;

    /// <summary>The features of each row, in order; only some thousand rows are held at a time.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="reader">What a task reads of them.</param>
    /// <param name="what">What to call the rows in the log.</param>
    /// <param name="host">Log and cancellation.</param>
    public static IEnumerable<TFeature[]> Read<TRow, TFeature>(IDataView data, IRowReader<TRow, TFeature> reader, string what, IHost host)
        where TFeature : IFeature
    {
        IReadOnlyList<DataViewSchema.Column> columns = reader.Find(data.Schema, host);
        long skipped = 0;
        using (DataViewRowCursor cursor = data.GetRowCursor(columns))
        {
            RowGetter<TRow> get = reader.Getter(cursor, columns);
            var rows = new List<TRow>(RowsAtOnce);
            bool more = true;
            while (more)
            {
                host.CheckAlive();
                rows.Clear();
                while (rows.Count < RowsAtOnce && (more = cursor.MoveNext()))
                {
                    if (get(out TRow row))
                    {
                        rows.Add(row);
                    }
                    else
                    {
                        skipped++;
                    }
                }
                var features = new TFeature[rows.Count][];
                AllCores.For(features.Length, i => features[i] = reader.Features(rows[i]));
                foreach (TFeature[] row in features)
                {
                    yield return row;
                }
            }
        }
        if (skipped > 0)
        {
            host.Info(Invariant($"{skipped:N0} {what} rows {reader.SkippedBecause}, and are skipped."));
        }
        if (reader.Report is { } report)
        {
            host.Info(report);
        }
    }
}
