using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Text;
using MLNet.Transformers.Tokenization;
using MLNet.Transformers.Training;
using static System.FormattableString;

namespace MLNet.Transformers.QuestionAnswering;

/// <summary>A question with its right answers.</summary>
/// <param name="Text">Question and context.</param>
/// <param name="Answers">The right answers; none: the context does not answer the question.</param>
/// <param name="Start">The first character of the first answer in the context.</param>
internal readonly record struct LabelledQuestion(TextRow Text, string[] Answers, int Start);

/// <summary>Rows of questions and contexts with the answers and where they stand.</summary>
/// <param name="settings">Columns and windows.</param>
/// <param name="options">Columns of the answers.</param>
/// <param name="checkpoint">Its tokenizer makes the tokens.</param>
internal sealed class AnsweredQuestions(QuestionAnsweringSettings settings, QuestionAnsweringOptions options, Checkpoint checkpoint)
    : IRowReader<LabelledQuestion, AnswerWindow>
{
    public const string AnswerRole = "answer";
    public const string StartRole = "start of the answer";

    private readonly AnswerPlaces _places = new();
    private readonly WindowTokenizer _tokenizer = new(checkpoint.Tokenizer, checkpoint.Config, settings.MaxTokens, settings.Rules.Stride);
    private int _unlearnt;

    public string SkippedBecause => "have an answer that was not found in the context";

    public string? Report
    {
        get
        {
            string? unlearnt = _unlearnt == 0 ? null : Invariant($"{_unlearnt:N0} answers are in no window as a whole, and are learnt as if there were none.");
            string report = string.Join(' ', new[] { _tokenizer.Report, _places.Report, unlearnt }.OfType<string>());
            return report.Length == 0 ? null : report;
        }
    }

    public IReadOnlyList<DataViewSchema.Column> Find(DataViewSchema schema, IExceptionContext context)
    {
        IEnumerable<DataViewSchema.Column> columns =
        [
            .. settings.Columns.Find(schema, context),
            schema.RequireTexts(context, AnswerRole, options.AnswerColumnName),
            schema.RequireIntegers(context, StartRole, options.AnswerStartColumnName),
        ];
        return schema.GetColumnOrNull(options.IdColumnName) is { Type: TextDataViewType } id ? [.. columns, id] : [.. columns];
    }

    public RowGetter<LabelledQuestion> Getter(DataViewRow row, IReadOnlyList<DataViewSchema.Column> columns)
    {
        Func<TextRow> readText = TextColumns.Reader(row, [.. columns.Take(2)]);
        Func<string[]> readAnswers = row.TextsGetter(columns[2]);
        Func<int[]> readStarts = row.IntegersGetter(columns[3]);
        Func<string[]>? readId = columns.Count > 4 ? row.TextsGetter(columns[4]) : null;
        return (out LabelledQuestion question) =>
        {
            TextRow text = readText();
            string[] answers = readAnswers();
            if (answers.All(string.IsNullOrWhiteSpace))
            {
                question = new LabelledQuestion(text, [], 0);
                return true;
            }
            int[] starts = readStarts();
            if (starts.Length == answers.Length)
            {
                // An empty one among others is none.
                int[] given = [.. Enumerable.Range(0, answers.Length).Where(number => !string.IsNullOrWhiteSpace(answers[number]))];
                (answers, starts) = ([.. given.Select(number => answers[number])], [.. given.Select(number => starts[number])]);
            }
            int? start = _places.Find(readId?.Invoke()[0] ?? $"row {row.Position + 1}", text.Pair!, answers, starts);
            question = new LabelledQuestion(text, answers, start ?? 0);
            return start is not null;
        };
    }

    public AnswerWindow[] Features(LabelledQuestion row)
    {
        TextWindow[] windows = _tokenizer.Windows(row.Text, TruncationStrategy.OnlySecond);
        string context = row.Text.Pair!;
        if (row.Answers.Length == 0)
        {
            return Array.ConvertAll(windows, window => new AnswerWindow(window, context, []));
        }
        var answer = new TextSpan(row.Start, row.Start + row.Answers[0].Trim().Length);
        var features = new AnswerWindow[windows.Length];
        for (int i = 0; i < features.Length; i++)
        {
            // What the tokenizer drops at the ends of the context belongs to the first and the last window.
            TextSpan[] offsets = windows[i].Offsets;
            bool holds = offsets.Length > 0 && (i == 0 || offsets[0].Start <= answer.Start) && (i == features.Length - 1 || offsets[^1].End >= answer.End);
            (int first, int last) = holds ? TokensOf(answer, offsets) : (-1, -1);
            features[i] = new AnswerWindow(
                windows[i], context, row.Answers, first < 0 ? 0 : windows[i].First + first, first < 0 ? 0 : windows[i].First + last);
        }
        if (Array.TrueForAll(features, feature => feature.End == 0))
        {
            Interlocked.Increment(ref _unlearnt);
        }
        return features;
    }

    // The first and the last token that have a part of it.
    private static (int First, int Last) TokensOf(TextSpan answer, TextSpan[] offsets)
    {
        bool Overlaps(TextSpan token) => token.Start < answer.End && token.End > answer.Start;
        return (Array.FindIndex(offsets, Overlaps), Array.FindLastIndex(offsets, Overlaps));
    }
}
