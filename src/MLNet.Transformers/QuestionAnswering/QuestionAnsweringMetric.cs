namespace MLNet.Transformers;

/// <summary>Metrics of question answering on validation rows, those of <see cref="QuestionAnsweringMetrics"/> by the rules of SQuAD 2.</summary>
public enum QuestionAnsweringMetric
{
    /// <summary>Mean over the questions of the harmonic mean of precision and recall of the predicted answer's words, 0 to 100; higher is better.</summary>
    F1,

    /// <summary>Percent of questions whose predicted answer is one of the right ones, but for case, punctuation and articles; higher is better.</summary>
    ExactMatch,

    /// <summary>Mean cross entropy of the answers' first and last tokens; lower is better.</summary>
    Loss,
}
