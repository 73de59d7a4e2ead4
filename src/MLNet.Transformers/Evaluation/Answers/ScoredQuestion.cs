namespace MLNet.Transformers.Evaluation;

/// <summary>What a question's answer is worth.</summary>
/// <param name="Exact">1 where it is a right one, else 0.</param>
/// <param name="F1">F1 of the right answer that it has most in common with, 0 to 1.</param>
/// <param name="HasAnswer">Whether the question has an answer.</param>
/// <param name="Answers">Whether an answer was given.</param>
/// <param name="NullScore">The network's null score, if it is known.</param>
internal sealed record ScoredQuestion(double Exact, double F1, bool HasAnswer, bool Answers, double? NullScore)
{
    public static ScoredQuestion Of(AnsweredQuestion question, SquadVersion version)
    {
        string predicted = AnswerText.Normalized(question.Predicted);
        string[] gold = [.. question.Gold.Select(AnswerText.Normalized)];
        if (version == SquadVersion.V2)
        {
            // Answers of which nothing is left are none; a question without any is answered right by none.
            gold = [.. gold.Where(answer => answer.Length > 0).DefaultIfEmpty("")];
        }
        return new ScoredQuestion(
            gold.Max(answer => AnswerText.Exact(answer, predicted)),
            gold.Max(answer => AnswerText.F1(answer, predicted, ofNone: version == SquadVersion.V2 ? 1 : 0)),
            question.Gold.Count > 0,
            question.Predicted.Length > 0,
            question.NullScore);
    }

    /// <summary>The same, where no answer counts as given if the null score is above a threshold.</summary>
    public ScoredQuestion WithThreshold(double threshold) => NullScore > threshold
        ? this with { Exact = HasAnswer ? 0 : 1, F1 = HasAnswer ? 0 : 1, Answers = false }
        : this;
}
