using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Training;

namespace MLNet.Transformers.TokenClassification;

/// <summary>The tags that a network learns: those of the keys, or those that are seen in the rows, which are then read once more before.</summary>
internal static class TagLabels
{
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="InvalidOperationException">There is no row, or none with a tag; there are fewer than two tags, or of only one not as many as words; or the validation set numbers them otherwise.</exception>
    public static LabelKeys Of(IDataView input, TagColumns columns, TagScheme? scheme, IDataView? validationSet, IHost host)
    {
        IReadOnlyList<DataViewSchema.Column> found = columns.Find(input.Schema, host);
        DataViewSchema.Column column = found[^1];
        if (column.Type is VectorDataViewType { ItemType: KeyDataViewType type })
        {
            RequireAligned(input, found, KeyValues.NamesOf(column, type).Count, host);
            var labels = LabelKeys.Of(column, validationSet is null ? null : ValidationColumns.Of(validationSet, schema => columns.Find(schema, host))[^1]);
            return labels.Names.Contains(TagName.Outside) || !Seen(input, column, host).Contains("") ? labels : labels.WithOutside(TagName.Outside);
        }
        HashSet<string> seen = Seen(input, column, host);
        if (validationSet is not null)
        {
            seen.UnionWith(Seen(validationSet, ValidationColumns.Of(validationSet, schema => columns.Find(schema, host))[^1], host));
        }
        seen.Remove("");
        if (seen.Count == 0 && !(TagColumns.AreSpans(found) && HasRow(input, column)))
        {
            throw TrainingRows.NoTrainingRow(TaggedTexts.Untagged);
        }
        IEnumerable<string> names = TagColumns.AreSpans(found) ? TagSchemes.Tags(scheme ?? TagScheme.Iob2, seen, seen)
            : (scheme ?? TagSchemes.Of(seen)) is { } known ? TagSchemes.Tags(known, Types(seen), seen)
            : seen.OrderBy(tag => tag != TagName.Outside).ThenBy(tag => tag, StringComparer.Ordinal);
        string[] tags = [.. names];
        RequireAligned(input, found, tags.Length, host);
        return LabelKeys.OfTexts(column.Name, tags);
    }

    // Where there is only one tag, rows that lack some for their words say more than that it is only one.
    private static void RequireAligned(IDataView input, IReadOnlyList<DataViewSchema.Column> found, int tags, IHost host)
    {
        if (tags > 1)
        {
            return;
        }
        using DataViewRowCursor cursor = input.GetRowCursor(found);
        Func<TaggedRow> read = TagColumns.Reader(cursor, found);
        while (cursor.MoveNext())
        {
            host.CheckAlive();
            if (read() is { IsMismatched: true } row)
            {
                new RowCheck(scheme: null).Tags(row, (_, what) => throw new InvalidOperationException($"Row {row.Number}: {what}."));
            }
        }
    }

    private static IEnumerable<string> Types(IEnumerable<string> tags) => tags.Select(tag => TagName.Parse(tag).Type).Where(type => type.Length > 0).Distinct();

    // Texts in which no span is marked are rows all the same: their words are outside.
    private static bool HasRow(IDataView data, DataViewSchema.Column column)
    {
        using DataViewRowCursor cursor = data.GetRowCursor([column]);
        return cursor.MoveNext();
    }

    private static HashSet<string> Seen(IDataView data, DataViewSchema.Column column, IHost host)
    {
        var seen = new HashSet<string>();
        using DataViewRowCursor cursor = data.GetRowCursor([column]);
        Func<string[]> read = TagColumns.TagsReader(cursor, column);
        while (cursor.MoveNext())
        {
            host.CheckAlive();
            seen.UnionWith(read());
        }
        return seen;
    }
}
