using MLNet.Transformers.Training;

namespace MLNet.Transformers.QuestionAnswering;

/// <summary>The metrics by which a network is judged between epochs.</summary>
internal static class SpanMetrics
{
    public static ValidationResult Of(IEnumerable<(IReadOnlyList<string> Right, string Predicted)> answers, double loss, QuestionAnsweringMetric deciding)
    {
        (double Exact, double F1)[] scores = [.. answers.Select(answer => Score(answer.Right, answer.Predicted))];
        var metrics = new Dictionary<string, double>
        {
            [nameof(QuestionAnsweringMetric.F1)] = scores.Average(score => score.F1),
            [nameof(QuestionAnsweringMetric.ExactMatch)] = scores.Average(score => score.Exact),
            [nameof(QuestionAnsweringMetric.Loss)] = loss,
        };
        return new ValidationResult(metrics, deciding.ToString(), deciding != QuestionAnsweringMetric.Loss);
    }

    private static (double Exact, double F1) Score(IReadOnlyList<string> right, string predicted)
    {
        string[] found = Words(predicted);
        IEnumerable<string[]> golds = right.Count == 0 ? [[]] : right.Select(Words);
        return (golds.Max(gold => gold.SequenceEqual(found) ? 1.0 : 0), golds.Max(gold => F1(gold, found)));
    }

    private static double F1(string[] gold, string[] found)
    {
        int common = gold.GroupBy(word => word).Sum(group => Math.Min(group.Count(), found.Count(word => word == group.Key)));
        return gold.Length == 0 || found.Length == 0 ? (gold.Length == found.Length ? 1 : 0) : 2.0 * common / (gold.Length + found.Length);
    }

    private static string[] Words(string text) =>
    [
        .. string.Concat(text.ToLowerInvariant().Where(letter => !char.IsAscii(letter) || char.IsLetterOrDigit(letter) || char.IsWhiteSpace(letter)))
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Where(word => word is not ("a" or "an" or "the")),
    ];
}
