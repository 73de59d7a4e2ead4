using MLNet.Transformers.Interop;
using MLNet.Transformers.Prediction;
using MLNet.Transformers.Text;

namespace MLNet.Transformers.QuestionAnswering;

/// <summary>What a fitted transformer keeps of the options.</summary>
internal sealed record QuestionAnsweringSettings(
    TextColumns Columns, AnswerColumns Answers, AnswerRules Rules, int MaxTokens, int BatchSize, Precision Precision)
    : PredictionSettings(MaxTokens, BatchSize, Precision)
{
    /// <summary>Tokens of a window (BERT, run_squad.py).</summary>
    public const int DefaultMaxTokens = 384;

    public override string Owner => nameof(QuestionAnsweringTransformer);

    public static QuestionAnsweringSettings Of<TOptions>(Checkpoint checkpoint, TOptions options)
        where TOptions : TextOptions, IAnswerOptions => new(
            new TextColumns(options.QuestionColumnName, options.ContextColumnName) { TextRole = "question", PairRole = "context" },
            new AnswerColumns(
                options.PredictedAnswerColumnName, options.PredictedAnswerStartColumnName, options.ScoreColumnName, options.NullScoreColumnName,
                options.TopAnswersColumnName, options.TopAnswerStartsColumnName, options.TopScoresColumnName),
            new AnswerRules(options.Stride, options.TopAnswers, options.NBestSize, options.MaxAnswerTokens, options.NullScoreThreshold),
            WindowTokens(checkpoint, options.MaxTokens), options.BatchSize, options.Precision);

    /// <summary>The columns of a prediction.</summary>
    public IReadOnlyList<OutputColumn<SpanAnswer>> Outputs() =>
    [
        PlainColumns.Text<SpanAnswer>(Answers.Answer, static answer => answer.Text),
        PlainColumns.Int<SpanAnswer>(Answers.Start, static answer => answer.Start),
        PlainColumns.Single<SpanAnswer>(Answers.Score, static answer => answer.Probability),
        PlainColumns.Single<SpanAnswer>(Answers.NullScore, static answer => answer.NullScore),
        PlainColumns.Texts<SpanAnswer>(Answers.TopAnswers, static answer => answer.Top.Select(found => found.Text)),
        PlainColumns.Ints<SpanAnswer>(Answers.TopStarts, static answer => answer.Top.Select(found => found.Start)),
        PlainColumns.Singles<SpanAnswer>(Answers.TopScores, static answer => answer.Top.Select(found => found.Probability)),
    ];

    // The default gives way to a network with fewer positions; what a user asks for does not.
    private static int WindowTokens(Checkpoint checkpoint, int? asked) => asked == DefaultMaxTokens
        ? Math.Min(DefaultMaxTokens, WindowTokenizer.Limit(checkpoint, null, pair: true))
        : WindowTokenizer.Limit(checkpoint, asked, pair: true);
}

/// <summary>Names of the columns that are added.</summary>
internal sealed record AnswerColumns(string Answer, string Start, string Score, string NullScore, string TopAnswers, string TopStarts, string TopScores);

/// <summary>How answers are read from scores.</summary>
/// <param name="Stride">Tokens that two windows have in common.</param>
/// <param name="Top">Answers that are handed out.</param>
/// <param name="Best">Starts and ends of a window that are paired, and answers that share the probability.</param>
/// <param name="MaxTokens">Most tokens of an answer.</param>
/// <param name="NullThreshold">How much the score of no answer must exceed that of the best one; null: every question is answered.</param>
internal sealed record AnswerRules(int Stride, int Top, int Best, int MaxTokens, double? NullThreshold);
