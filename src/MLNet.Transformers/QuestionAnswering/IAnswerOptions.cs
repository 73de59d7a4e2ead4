namespace MLNet.Transformers.QuestionAnswering;

/// <summary>What the options of training and of applying say of answers alike.</summary>
internal interface IAnswerOptions
{
    string QuestionColumnName { get; }

    string ContextColumnName { get; }

    string PredictedAnswerColumnName { get; }

    string PredictedAnswerStartColumnName { get; }

    string ScoreColumnName { get; }

    string NullScoreColumnName { get; }

    string TopAnswersColumnName { get; }

    string TopAnswerStartsColumnName { get; }

    string TopScoresColumnName { get; }

    int Stride { get; }

    int TopAnswers { get; }

    int NBestSize { get; }

    int MaxAnswerTokens { get; }

    double? NullScoreThreshold { get; }

    /// <exception cref="ArgumentException">A value is not allowed.</exception>
    static void Validate(IAnswerOptions options)
    {
        Check.ColumnName(options.QuestionColumnName, nameof(QuestionColumnName));
        Check.ColumnName(options.ContextColumnName, nameof(ContextColumnName));
        Check.OutputColumns(
            (options.PredictedAnswerColumnName, nameof(PredictedAnswerColumnName)),
            (options.PredictedAnswerStartColumnName, nameof(PredictedAnswerStartColumnName)),
            (options.ScoreColumnName, nameof(ScoreColumnName)),
            (options.NullScoreColumnName, nameof(NullScoreColumnName)),
            (options.TopAnswersColumnName, nameof(TopAnswersColumnName)),
            (options.TopAnswerStartsColumnName, nameof(TopAnswerStartsColumnName)),
            (options.TopScoresColumnName, nameof(TopScoresColumnName)));
        Check.AtLeast(options.Stride, 0, nameof(Stride));
        Check.AtLeast(options.TopAnswers, 1, nameof(TopAnswers));
        Check.AtLeast(options.NBestSize, options.TopAnswers, nameof(NBestSize));
        Check.AtLeast(options.MaxAnswerTokens, 1, nameof(MaxAnswerTokens));
        Check.Between(options.NullScoreThreshold ?? 0, double.MinValue, double.MaxValue, nameof(NullScoreThreshold));
    }
}
