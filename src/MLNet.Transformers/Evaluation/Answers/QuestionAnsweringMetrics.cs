using MLNet.Transformers.Evaluation;

namespace MLNet.Transformers;

/// <summary>
/// How well questions are answered by spans of text. Equal to SQuAD's evaluate-v2.0.py (Rajpurkar et al. 2018) and evaluate-v1.1.py, which compare
/// English answers; other languages are compared as they stand, words being what stands between white space.
/// </summary>
/// <param name="All">Of all questions.</param>
/// <param name="HasAnswer">Of the questions that have an answer; null where there are none, or every question has one by SQuAD 1.1's rules.</param>
/// <param name="NoAnswer">Of the questions that have none; null where there are none, or every question has one by SQuAD 1.1's rules.</param>
/// <param name="BestExactMatch">The best exact match that a threshold for null scores could reach; null where there are no null scores.</param>
/// <param name="BestF1">The best F1 that a threshold for null scores could reach; null where there are no null scores.</param>
public sealed record QuestionAnsweringMetrics(
    AnswerScores All, AnswerScores? HasAnswer, AnswerScores? NoAnswer, AnswerThreshold? BestExactMatch, AnswerThreshold? BestF1)
{
    /// <summary>Scores answers.</summary>
    /// <param name="questions">The questions' answers, predicted and right.</param>
    /// <param name="version">Whose rules decide.</param>
    /// <param name="nullThreshold">Questions whose null score is above it count as if no answer were given; null: predictions count as they are.</param>
    /// <exception cref="ArgumentException">
    /// There is no question, an id occurs twice, only some questions have a null score, one is no number, or a question has no answer by SQuAD 1.1's rules; the message names the row.
    /// </exception>
    public static QuestionAnsweringMetrics Of(
        IReadOnlyList<AnsweredQuestion> questions, SquadVersion version = SquadVersion.V2, double? nullThreshold = null)
    {
        ArgumentNullException.ThrowIfNull(questions);
        Check.Defined(version, nameof(version));
        Validate(questions, version, nullThreshold);
        ScoredQuestion[] scored = [.. questions.Select(question => ScoredQuestion.Of(question, version))];
        bool ranked = version == SquadVersion.V2 && scored[0].NullScore is not null;
        ScoredQuestion[] counted = nullThreshold is { } threshold ? [.. scored.Select(question => question.WithThreshold(threshold))] : scored;
        return new QuestionAnsweringMetrics(
            Mean(counted)!,
            version == SquadVersion.V2 ? Mean(counted.Where(question => question.HasAnswer)) : null,
            version == SquadVersion.V2 ? Mean(counted.Where(question => !question.HasAnswer)) : null,
            ranked ? Best(scored, question => question.Exact) : null,
            ranked ? Best(scored, question => question.F1) : null);
    }

    /// <summary>A table of all figures.</summary>
    public override string ToString()
    {
        var table = new FigureTable("exact match", "F1", "questions");
        foreach ((string name, AnswerScores? scores) in ((string, AnswerScores?)[])[("all", All), ("with an answer", HasAnswer), ("without an answer", NoAnswer)])
        {
            if (scores is not null)
            {
                table.Add(name, FigureTable.Points(scores.ExactMatch), FigureTable.Points(scores.F1), FigureTable.Count(scores.Questions));
            }
        }
        if (BestExactMatch is not null && BestF1 is not null)
        {
            table.Add("best", FigureTable.Points(BestExactMatch.Score), FigureTable.Points(BestF1.Score));
            table.Add("at null score", FigureTable.Share(BestExactMatch.Threshold), FigureTable.Share(BestF1.Threshold));
        }
        return table.ToString();
    }

    private static void Validate(IReadOnlyList<AnsweredQuestion> questions, SquadVersion version, double? nullThreshold)
    {
        if (questions.Count == 0)
        {
            throw new ArgumentException("There is no question.");
        }
        var rows = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < questions.Count; i++)
        {
            AnsweredQuestion question = questions[i];
            string row = $"Row {i + 1}{(question.Id is null ? "" : $" (id '{question.Id}')")}";
            if (question.Predicted is null || question.Gold is null || question.Gold.Contains(null))
            {
                throw new ArgumentException($"{row}: an answer is null; where there is none, give an empty prediction and no right answers.");
            }
            if (question.Id is not null && !rows.TryAdd(question.Id, i + 1))
            {
                throw new ArgumentException($"{row} and row {rows[question.Id]} have the same id; give each question once.");
            }
            if (question.NullScore.HasValue != questions[0].NullScore.HasValue || double.IsNaN(question.NullScore ?? 0))
            {
                throw new ArgumentException($"{row}: the null score is {(question.NullScore is null ? "missing" : $"{question.NullScore}")}; give all questions one, a number, or none.");
            }
            if (version == SquadVersion.V1 && question.Gold.Count == 0)
            {
                throw new ArgumentException($"{row}: the question has no right answer, which only {nameof(SquadVersion.V2)} allows.");
            }
        }
        if (nullThreshold is not null && questions[0].NullScore is null)
        {
            throw new ArgumentException($"A threshold of {nullThreshold} is given, but no null scores.");
        }
    }

    private static AnswerScores? Mean(IEnumerable<ScoredQuestion> questions)
    {
        ScoredQuestion[] all = [.. questions];
        return all.Length == 0 ? null : new AnswerScores(100 * all.Sum(one => one.Exact) / all.Length, 100 * all.Sum(one => one.F1) / all.Length, all.Length);
    }

    // From the surest answer on: each that is given adds its score, or costs the one for having given none. As in the script, an answer of articles and
    // punctuation alone costs it too, though it counts as none elsewhere.
    private static AnswerThreshold Best(ScoredQuestion[] questions, Func<ScoredQuestion, double> score)
    {
        double current = questions.Count(question => !question.HasAnswer);
        (double best, double threshold) = (current, 0);
        foreach (ScoredQuestion question in questions.OrderBy(question => question.NullScore))
        {
            current += question.HasAnswer ? score(question) : question.Answers ? -1 : 0;
            if (current > best)
            {
                (best, threshold) = (current, question.NullScore!.Value);
            }
        }
        return new AnswerThreshold(100 * best / questions.Length, threshold);
    }
}
