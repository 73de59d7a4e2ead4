namespace MLNet.Transformers;

/// <summary>The best that could be reached by giving no answer wherever the null score is above a threshold.</summary>
/// <param name="Score">Exact match or F1, 0 to 100.</param>
/// <param name="Threshold">The threshold: one of the null scores, or 0 where it is best to give none at all.</param>
public sealed record AnswerThreshold(double Score, double Threshold);
