namespace MLNet.Transformers;

/// <summary>The best that could be reached by giving no answer wherever the null score is above a threshold.</summary>
/// <param name="Score">Exact match or F1, 0 to 100.</param>
/// <param name="Threshold">The threshold: one of the null scores, or 0, as SQuAD's script says it, where it is best to give no answer at all: where null
/// scores lie below 0, as differences of logits do, that takes a threshold below the lowest of them.</param>
/// <remarks>Answers that were left out when they were predicted are not there to be given: predict with a threshold so high that every question has one.</remarks>
public sealed record AnswerThreshold(double Score, double Threshold);
