namespace MLNet.Transformers.Tokenization;

/// <summary>Which text is cut where a row is too long.</summary>
public enum TruncationStrategy
{
    /// <summary>The longer of the two, then both evenly.</summary>
    LongestFirst,

    /// <summary>The first.</summary>
    OnlyFirst,

    /// <summary>The second.</summary>
    OnlySecond,
}

/// <summary>One end of a sequence.</summary>
public enum Side
{
    /// <summary>The end.</summary>
    Right,

    /// <summary>The beginning.</summary>
    Left,
}

/// <summary>How a text is encoded. Nothing that a file says of truncation or padding is applied unless it is asked for here.</summary>
public sealed record EncodeOptions
{
    /// <summary>Whether the special tokens of the tokenizer's template are added.</summary>
    /// <value>true.</value>
    public bool AddSpecialTokens { get; init; } = true;

    /// <summary>Most tokens of the result, special tokens included; null: no limit.</summary>
    /// <value>null.</value>
    public int? MaxTokens { get; init; }

    /// <summary>Which text is cut where the result would be longer.</summary>
    /// <value><see cref="TruncationStrategy.LongestFirst"/>.</value>
    public TruncationStrategy Truncation { get; init; } = TruncationStrategy.LongestFirst;

    /// <summary>Tokens that two successive windows have in common (<see cref="TextEncoder.EncodeWindows"/>), at least 0 and less than the room that a window has for text.</summary>
    /// <value>0.</value>
    public int Stride { get; init; }

    /// <summary>
    /// Whether <see cref="TextEncoder.EncodeWindows"/> reads a text no further than to the word in which <see cref="MaxTokens"/> is reached, as the
    /// reference's tokenizers do since 0.23.1 (its issue 2091), so that the windows do not cover the rest.
    /// </summary>
    /// <value>false: the windows cover the whole text.</value>
    public bool StopAtMaxTokens { get; init; }

    internal static EncodeOptions Default { get; } = new();
}
