namespace MLNet.Transformers;

/// <summary>A question's predicted answer beside the right ones.</summary>
/// <param name="Predicted">The predicted answer; empty: that there is none.</param>
/// <param name="Gold">The right answers, of which one must be met; none: the question has no answer.</param>
/// <param name="NullScore">How sure the network is that there is no answer: a probability, or the null score less the best answer's. Null: not known.</param>
/// <param name="Id">The question's id, for errors; two questions must not have the same.</param>
public sealed record AnsweredQuestion(string Predicted, IReadOnlyList<string> Gold, double? NullScore = null, string? Id = null);
