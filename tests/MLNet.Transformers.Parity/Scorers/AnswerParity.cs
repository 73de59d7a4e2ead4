using System.Text.Json;
using MLNet.Transformers.Evaluation;

namespace MLNet.Transformers.Parity.Scorers;

/// <summary>Checks answers to questions against SQuAD's evaluate-v2.0.py: normalized texts, each question's scores, the means and the best thresholds.</summary>
internal sealed class AnswerParity(Report report)
{
    private static readonly HashSet<string> _fields =
        ["versions", "note", "normalized", "questions", "exact", "f1", "has_answer", "no_answer", "best_exact", "best_f1"];

    private static readonly HashSet<string> _questionFields = ["id", "gold", "predicted", "null_score", "exact", "f1"];

    public void Run(JsonElement root)
    {
        report.RefuseUnknown(root, "file", _fields);
        foreach (JsonElement item in root.Items("normalized"))
        {
            report.Equal($"normalized '{item.Text("text")}'", AnswerText.Normalized(item.Text("text")!), item.Text("normalized"));
        }
        var questions = new List<AnsweredQuestion>();
        foreach (JsonElement item in root.Items("questions"))
        {
            string name = $"question {item.Text("id")}";
            report.RefuseUnknown(item, name, _questionFields);
            questions.Add(Question(item));
            AnswerScores scores = QuestionAnsweringMetrics.Of([questions[^1]]).All;
            report.Figure($"{name}: exact", scores.ExactMatch / 100, item.GetProperty("exact"));
            report.Figure($"{name}: F1", scores.F1 / 100, item.GetProperty("f1"));
        }
        QuestionAnsweringMetrics metrics = QuestionAnsweringMetrics.Of(questions);
        report.Figure("all: exact", metrics.All.ExactMatch, root.GetProperty("exact"));
        report.Figure("all: F1", metrics.All.F1, root.GetProperty("f1"));
        Scores("has_answer", metrics.HasAnswer);
        Scores("no_answer", metrics.NoAnswer);
        Best("best_exact", metrics.BestExactMatch);
        Best("best_f1", metrics.BestF1);

        void Scores(string name, AnswerScores? ours)
        {
            if (root.TryGetProperty(name, out JsonElement expected) && expected.ValueKind == JsonValueKind.Object)
            {
                report.Figures(name, expected, new Dictionary<string, double>
                {
                    ["exact"] = ours?.ExactMatch ?? 0,
                    ["f1"] = ours?.F1 ?? 0,
                    ["total"] = ours?.Questions ?? 0,
                });
            }
        }

        void Best(string name, AnswerThreshold? ours)
        {
            if (root.TryGetProperty(name, out JsonElement expected) && expected.ValueKind == JsonValueKind.Object)
            {
                report.Figures(name, expected, new Dictionary<string, double> { ["value"] = ours?.Score ?? double.NaN, ["threshold"] = ours?.Threshold ?? double.NaN });
            }
        }
    }

    private static AnsweredQuestion Question(JsonElement item) => new(
        item.Text("predicted")!,
        item.GetProperty("gold").Texts(),
        item.TryGetProperty("null_score", out JsonElement score) && score.ValueKind != JsonValueKind.Null ? score.Number() : null,
        item.Text("id"));
}
