namespace MLNet.Transformers;

/// <summary>How TER reads texts, with tercom's switches. The defaults are sacreBLEU's: lower case, and words are what stands between white space.</summary>
public sealed record TerOptions
{
    /// <summary>Tell capitals from small letters; by default not.</summary>
    public bool CaseSensitive { get; init; }

    /// <summary>Set punctuation apart from words first; by default not.</summary>
    public bool Normalize { get; init; }

    /// <summary>Leave punctuation out; by default not.</summary>
    public bool WithoutPunctuation { get; init; }

    /// <summary>With <see cref="Normalize"/>, let each Chinese character be a word; with <see cref="WithoutPunctuation"/>, leave out Chinese and Japanese punctuation too.</summary>
    public bool AsianSupport { get; init; }
}
