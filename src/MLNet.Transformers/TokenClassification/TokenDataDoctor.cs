using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Evaluation;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Tokenization;
using static System.FormattableString;

namespace MLNet.Transformers.TokenClassification;

/// <summary>Looks through rows before they are learnt from. Reads each set twice: for its tags, then for all the rest.</summary>
internal sealed class TokenDataDoctor
{
    private const int RareBelow = 5;

    private readonly IHost _host;
    private readonly TagColumns _columns;
    private readonly TagScheme? _scheme;
    private readonly RowCheck _check;
    private readonly Func<string, int>? _tokens;
    private readonly int _maxTokens;
    private readonly List<TokenDataProblem> _problems = [];
    private readonly Dictionary<string, long> _trainingRows = [];

    public TokenDataDoctor(IHostEnvironment environment, IDataView training, TokenClassificationOptions options, Checkpoint? checkpoint)
    {
        (_host, _columns) = (environment.Register(nameof(TransformersCatalog.CheckTokenData)), new TagColumns(options));
        IReadOnlyList<DataViewSchema.Column> found = _columns.Find(training.Schema, _host);
        // As a training reads it: of keys their values count, whether or not they occur.
        _scheme = options.Scheme ?? (TagColumns.AreSpans(found) ? TagScheme.Iob2 : TagSchemes.Of(
            found[1].Type is VectorDataViewType { ItemType: KeyDataViewType type } ? KeyValues.NamesOf(found[1], type) : Tags(training, found).Distinct()));
        _check = new RowCheck(_scheme);
        if (checkpoint is not null)
        {
            _maxTokens = Text.WindowTokenizer.Limit(checkpoint, options.MaxTokens, pair: false);
            TextEncoder tokenizer = checkpoint.Tokenizer;
            _tokens = text => tokenizer.Encode(text).Length;
        }
    }

    public TokenDataReport Examine(IDataView training, IDataView? test)
    {
        var (tags, entities) = (new Dictionary<string, long>(), new Dictionary<string, long>());
        long trainingRows = Examine(training, isTest: false, tags, entities);
        foreach (string tag in tags.Keys)
        {
            if (TagName.Meant(tag) is { } meant)
            {
                Add(TokenDataProblemKind.MistakenTag, false, 0, Invariant($"'{tag}', the tag of {tags[tag]:N0} training words, looks like '{meant}', but is read as entities of the type '{tag}'"));
            }
        }
        string[] bare = [.. tags.Keys.Where(tag => tag != TagName.Outside && !TagName.HasPrefix(tag) && TagName.Meant(tag) is null)];
        foreach (string tag in _scheme is null && bare.Length < tags.Keys.Count(TagName.HasPrefix) ? bare : [])
        {
            Add(TokenDataProblemKind.TagWithoutPrefix, false, 0, Invariant($"'{tag}', the tag of {tags[tag]:N0} training words, has no prefix, as most have (B-, I-): so the tags are of no scheme, and none is checked"));
        }
        foreach ((string tag, long count) in tags.Where(tag => tag.Key != TagName.Outside && tag.Value < RareBelow))
        {
            Add(TokenDataProblemKind.RareTag, false, 0, $"'{tag}' is the tag of {count} training word{(count == 1 ? "" : "s")} only");
        }
        long? testRows = null;
        if (test is not null)
        {
            var testTags = new Dictionary<string, long>();
            testRows = Examine(test, isTest: true, testTags, []);
            foreach ((string tag, long count) in testTags.Where(tag => !tags.ContainsKey(tag.Key)))
            {
                Add(TokenDataProblemKind.UnknownTag, true, 0, $"'{tag}' is the tag of {count} test word{(count == 1 ? "" : "s")} and of no training word");
            }
        }
        return new TokenDataReport(
            trainingRows, testRows, Sorted(tags), Sorted(entities), _scheme, [.. _problems.OrderBy(problem => problem.Kind).ThenBy(problem => problem.IsTest)]);
    }

    private long Examine(IDataView data, bool isTest, Dictionary<string, long> tagCounts, Dictionary<string, long> entityCounts)
    {
        long rows = 0;
        var seen = new Dictionary<string, long>();
        foreach (TaggedRow row in Rows(data, _columns.Find(data.Schema, _host)))
        {
            rows++;
            string[] tags = _check.Tags(row, (kind, what) => Add(kind, isTest, row.Number, what)) ?? [];
            // As they stand in the data, not as they are repaired.
            foreach (string tag in (tags.Length > 0 && row.Tags is { } given ? given : tags).Where(tag => tag.Length > 0))
            {
                tagCounts[tag] = tagCounts.GetValueOrDefault(tag) + 1;
            }
            foreach (TaggedEntity entity in TagSequence.Read(TagSequence.Filled(tags, _scheme)))
            {
                entityCounts[entity.Type] = entityCounts.GetValueOrDefault(entity.Type) + 1;
            }
            ExamineText(row, isTest, seen);
        }
        if (!isTest)
        {
            seen.ToList().ForEach(item => _trainingRows.Add(item.Key, item.Value));
        }
        return rows;
    }

    private void ExamineText(TaggedRow row, bool isTest, Dictionary<string, long> seen)
    {
        if (row.Text.Words.Length == 0)
        {
            Add(TokenDataProblemKind.EmptyRow, isTest, row.Number, "there are no words");
            return;
        }
        string text = row.Text.Text;
        if (!seen.TryAdd(text, row.Number))
        {
            Add(TokenDataProblemKind.Duplicate, isTest, row.Number, $"the same words stand in row {seen[text]}: '{Short(text)}'");
        }
        else if (isTest && _trainingRows.TryGetValue(text, out long training))
        {
            Add(TokenDataProblemKind.SharedWithTraining, isTest, row.Number, $"the same words stand in training row {training}: '{Short(text)}'");
        }
        if (_tokens?.Invoke(text) is { } tokens && tokens > _maxTokens)
        {
            Add(TokenDataProblemKind.LongRow, isTest, row.Number, Invariant($"{tokens:N0} tokens, more than {_maxTokens:N0}: it is read in windows"));
        }
    }

    private IEnumerable<TaggedRow> Rows(IDataView data, IReadOnlyList<DataViewSchema.Column> found)
    {
        using DataViewRowCursor cursor = data.GetRowCursor(found);
        Func<TaggedRow> read = TagColumns.Reader(cursor, found);
        while (cursor.MoveNext())
        {
            _host.CheckAlive();
            yield return read();
        }
    }

    private IEnumerable<string> Tags(IDataView data, IReadOnlyList<DataViewSchema.Column> found) =>
        Rows(data, found).SelectMany(row => row.Tags!).Where(tag => tag.Length > 0);

    private void Add(TokenDataProblemKind kind, bool isTest, long row, string message) => _problems.Add(new TokenDataProblem(kind, isTest, row, message));

    private static OrderedDictionary<string, long> Sorted(Dictionary<string, long> counts) =>
        new(counts.OrderByDescending(item => item.Value).ThenBy(item => item.Key, StringComparer.Ordinal));

    private static string Short(string text)
    {
        const int Most = 60;
        return text.Length > Most ? $"{text[..Most]}…" : text;
    }
}
