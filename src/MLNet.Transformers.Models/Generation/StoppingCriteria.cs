namespace MLNet.Transformers.Models.Generation;

/// <summary>Says whether a row ends with its newest token.</summary>
/// <param name="endIds">End tokens.</param>
/// <param name="longest">Most tokens of a row, prompt and padding included.</param>
internal sealed class StoppingCriteria(IReadOnlyList<int> endIds, long longest)
{
    private readonly HashSet<int> _endIds = [.. endIds];

    /// <summary>Why the row ends; null: it goes on.</summary>
    /// <param name="id">The newest token.</param>
    /// <param name="isStopped">Whether a stop string has been written.</param>
    /// <param name="length">The row's tokens, prompt and padding included.</param>
    public FinishReason? Check(int id, bool isStopped, long length) =>
        _endIds.Contains(id) ? FinishReason.EndToken
        : isStopped ? FinishReason.StopString
        : length >= longest ? FinishReason.Length
        : null;
}
