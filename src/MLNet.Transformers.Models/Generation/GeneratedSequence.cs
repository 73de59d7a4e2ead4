namespace MLNet.Transformers.Models.Generation;

/// <summary>What a network wrote behind a prompt.</summary>
/// <param name="Ids">The new token ids, the prompt left out, up to and including the end token or the token that completed a stop string.</param>
/// <param name="Text">Their text up to a stop string; empty where the generator has no decoder.</param>
/// <param name="Finish">Why it ended.</param>
/// <param name="Score">Of beam search: sum of the tokens' log-probabilities, divided by length to the power of the length penalty; else null.</param>
internal sealed record GeneratedSequence(IReadOnlyList<int> Ids, string Text, FinishReason Finish, double? Score = null);

/// <summary>A token as it is generated.</summary>
/// <param name="Row">The sequence: prompt number × returned sequences + number among them.</param>
/// <param name="Id">The token id.</param>
/// <param name="Text">What can be said of the sequence's text now; often empty.</param>
/// <param name="Finish">Why the sequence ends with this token; null: it goes on.</param>
internal readonly record struct GeneratedToken(int Row, int Id, string Text, FinishReason? Finish);
