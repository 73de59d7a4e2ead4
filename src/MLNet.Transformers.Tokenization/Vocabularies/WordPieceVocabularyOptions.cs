namespace MLNet.Transformers.Tokenization;

/// <summary>Settings of <see cref="WordPieceTrainer"/>.</summary>
public sealed record WordPieceVocabularyOptions : VocabularyOptions
{
    /// <inheritdoc/>
    /// <value><see cref="SpecialTokens.Bert"/>. A token for unknown words is needed.</value>
    public override SpecialTokens SpecialTokens { get; init; } = SpecialTokens.Bert;

    /// <summary>Whether texts are put in lower case and stripped of accents.</summary>
    /// <value>true.</value>
    public bool Lowercase { get; init; } = true;

    internal override void Check()
    {
        base.Check();
        SpecialTokens.Require("unk_token", "WordPiece writes words with it that it has no pieces for");
    }
}
