namespace MLNet.Transformers;

/// <summary>How well questions are answered, on average.</summary>
/// <param name="ExactMatch">Percent of questions whose answer is one of the right ones, but for capitals, punctuation and articles.</param>
/// <param name="F1">Mean of the answers' F1: words in common with the right answer that has most. 0 to 100.</param>
/// <param name="Questions">The number of questions.</param>
public sealed record AnswerScores(double ExactMatch, double F1, int Questions);
