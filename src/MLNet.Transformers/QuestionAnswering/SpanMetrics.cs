using MLNet.Transformers.Training;

namespace MLNet.Transformers.QuestionAnswering;

/// <summary>The metrics by which a network is judged between epochs.</summary>
internal static class SpanMetrics
{
    /// <param name="rows">The windows of each question.</param>
    /// <param name="answers">What is predicted of each.</param>
    /// <param name="loss">The mean loss.</param>
    /// <param name="deciding">The metric that decides which epoch was best.</param>
    public static ValidationResult Of(IReadOnlyList<AnswerWindow[]> rows, SpanAnswer[] answers, double loss, QuestionAnsweringMetric deciding)
    {
        AnswerScores scores = QuestionAnsweringMetrics.Of([.. rows.Zip(answers, (row, answer) => new AnsweredQuestion(answer.Text, row[0].Answers))]).All;
        var metrics = new Dictionary<string, double>
        {
            [nameof(QuestionAnsweringMetric.F1)] = scores.F1,
            [nameof(QuestionAnsweringMetric.ExactMatch)] = scores.ExactMatch,
            [nameof(QuestionAnsweringMetric.Loss)] = loss,
        };
        return new ValidationResult(metrics, deciding.ToString(), deciding != QuestionAnsweringMetric.Loss);
    }
}
