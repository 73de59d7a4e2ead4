namespace MLNet.Transformers.Pretraining;

/// <summary>How an objective wants documents cut into blocks.</summary>
/// <param name="Length">Most tokens of a block.</param>
internal sealed record BlockShape(int Length)
{
    /// <summary>Fewest tokens: what is left of a document, or of all documents where they are packed, and is shorter is left out.</summary>
    public int Shortest { get; init; } = 1;

    /// <summary>Whether a block that a document does not fill goes on with the next document, so that only the last block is not full.</summary>
    public bool Packed { get; init; }

    /// <summary>What stands in front of each document of a packed block.</summary>
    public int[] DocumentStart { get; init; } = [];

    /// <summary>What stands behind each document of a packed block.</summary>
    public int[] DocumentEnd { get; init; } = [];

    /// <summary>Whether a block ends with a sentence; one that is longer than a block is cut.</summary>
    public bool WholeSentences { get; init; }

    /// <summary>Whether <see cref="TextBlock.Another"/> is drawn from.</summary>
    public bool NeedsOthers { get; init; }
}
