namespace MLNet.Transformers.Tokenization;

/// <summary>Settings of <see cref="ByteLevelBpeTrainer"/>.</summary>
public sealed record ByteLevelBpeVocabularyOptions : VocabularyOptions
{
    /// <inheritdoc/>
    /// <value><see cref="SpecialTokens.Bart"/>.</value>
    public override SpecialTokens SpecialTokens { get; init; } = SpecialTokens.Bart;

    /// <summary>Whether a text that does not begin with a blank gets one in front, so that its first word is written like any other.</summary>
    /// <value>false, as in GPT-2, RoBERTa and BART.</value>
    public bool AddPrefixSpace { get; init; }
}
