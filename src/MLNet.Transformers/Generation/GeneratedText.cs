namespace MLNet.Transformers;

/// <summary>A text that a network wrote.</summary>
/// <param name="Text">The text, without the prompt, special tokens and stop strings.</param>
/// <param name="Ids">Its token ids, end token included.</param>
/// <param name="Finish">Why it ended.</param>
/// <param name="Score">Of beam search: its log-probability, divided by its length to the power of the length penalty; else null.</param>
public sealed record GeneratedText(string Text, IReadOnlyList<int> Ids, FinishReason Finish, double? Score);
