namespace MLNet.Transformers.Models.Generation;

/// <summary>Says whether a row ends with its newest token.</summary>
/// <param name="endIds">End tokens.</param>
/// <param name="longest">Most tokens of a row, prompt and padding included.</param>
/// <param name="stopStrings">Texts that end generation.</param>
internal sealed class StoppingCriteria(IReadOnlyList<int> endIds, long longest, StopStrings stopStrings)
{
    private readonly HashSet<int> _endIds = [.. endIds];

    /// <summary>Why the row ends; null: it goes on.</summary>
    /// <param name="tokens">Its new tokens, at least one.</param>
    /// <param name="length">Its tokens, prompt and padding included.</param>
    public FinishReason? Check(IReadOnlyList<int> tokens, long length) =>
        _endIds.Contains(tokens[^1]) ? FinishReason.EndToken
        : stopStrings.AreIn(tokens) ? FinishReason.StopString
        : length >= longest ? FinishReason.Length
        : null;
}
