using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Models.Losses;
using MLNet.Transformers.Training;
using static System.FormattableString;

namespace MLNet.Transformers.TokenClassification;

/// <summary>Rows of words with tags, or of text with entities, as they are learnt.</summary>
/// <param name="columns">The columns.</param>
/// <param name="labels">The tags.</param>
/// <param name="check">Brings entities into tags.</param>
/// <param name="repair">Whether rows with broken tags are repaired; else the first is an error.</param>
/// <param name="windows">Makes tokens of the texts.</param>
internal sealed class TaggedTexts(TagColumns columns, LabelKeys labels, RowCheck check, bool repair, TokenWindows windows) : IRowReader<TaggedRow, TokenWindow>
{
    /// <summary>Why rows are skipped.</summary>
    public const string Untagged = "have no words, or none with a tag";

    private readonly Dictionary<string, int> _numbers = labels.Names.Index().ToDictionary(item => item.Item, item => item.Index);
    private long _repaired;

    public string SkippedBecause => Untagged;

    public string? Report => string.Join(' ', Lines()) is { Length: > 0 } lines ? lines : null;

    public IReadOnlyList<DataViewSchema.Column> Find(DataViewSchema schema, IExceptionContext context) => columns.Find(schema, context);

    public RowGetter<TaggedRow> Getter(DataViewRow row, IReadOnlyList<DataViewSchema.Column> found)
    {
        Func<TaggedRow> read = TagColumns.Reader(row, found);
        return (out TaggedRow value) =>
        {
            value = read();
            // A row without words that has tags is an error, not an empty one.
            return value.Teaches || value.IsMismatched;
        };
    }

    public TokenWindow[] Features(TaggedRow row)
    {
        bool broken = false;
        string[]? tags = check.Tags(row, (kind, what) =>
        {
            if (!repair || kind == TokenDataProblemKind.LengthMismatch)
            {
                throw new InvalidOperationException(
                    $"Row {row.Number}: {what}.{(kind == TokenDataProblemKind.LengthMismatch ? "" : " Mend the data, or set RepairTags; CheckTokenData lists all such places.")}");
            }
            broken = true;
        });
        if (broken)
        {
            Interlocked.Increment(ref _repaired);
        }
        return windows.Of(row.Text, Array.ConvertAll(tags!, tag => Number(row, tag)));
    }

    // A missing tag is the outside one where no key says otherwise, and else not learnt.
    private int Number(TaggedRow row, string tag) =>
        tag.Length == 0 ? labels.HasAddedOutside ? labels.Names.Count - 1 : (int)LossTerm.Ignored
        : _numbers.TryGetValue(tag, out int number) ? number
        : row.Tags?.Contains(tag) == false ? throw new InvalidOperationException(
            $"Row {row.Number}: to repair its tags takes the tag '{tag}', which is not among the values of the keys, {string.Join(", ", labels.Names)}; give the keys all tags of the scheme.")
        : throw new InvalidOperationException($"Row {row.Number}: the tag '{tag}' is not among the tags of the training rows, {string.Join(", ", labels.Names)}.");

    private IEnumerable<string> Lines()
    {
        if (_repaired > 0)
        {
            yield return Invariant($"{_repaired:N0} rows had broken tags or misaligned spans and were repaired.");
        }
        if (windows.Report is { } report)
        {
            yield return report;
        }
    }
}
