namespace MLNet.Transformers.Models;

/// <summary>
/// What a head for sequences is trained for, as <see cref="ModelConfig.ProblemType"/> says it (<c>problem_type</c>), and the one place that knows what
/// is meant where a file does not say.
/// </summary>
internal static class ProblemTypes
{
    /// <summary>One class of several: scores are compared by cross entropy.</summary>
    public const string SingleLabel = "single_label_classification";

    /// <summary>Any number of labels: each score is a yes or no of its own.</summary>
    public const string MultiLabel = "multi_label_classification";

    /// <summary>Numbers: compared by their squared error.</summary>
    public const string Regression = "regression";

    public static IReadOnlyList<string> All { get; } = [SingleLabel, MultiLabel, Regression];

    /// <summary>The problem of a head. Where config.json gives none, the reference infers it from the labels (modeling_bert.py, BertForSequenceClassification).</summary>
    /// <param name="config">The network's config.</param>
    /// <param name="hasClassNumbers">Whether the labels are numbers of classes; where there are no labels they are taken for that.</param>
    public static string Of(ModelConfig config, bool hasClassNumbers = true) =>
        config.ProblemType ?? (config.Labels.Count == 1 ? Regression : hasClassNumbers ? SingleLabel : MultiLabel);
}
