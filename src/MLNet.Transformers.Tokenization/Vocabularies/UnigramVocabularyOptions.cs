namespace MLNet.Transformers.Tokenization;

/// <summary>Settings of <see cref="UnigramTrainer"/>; defaults are SentencePiece's.</summary>
public sealed record UnigramVocabularyOptions : VocabularyOptions
{
    /// <inheritdoc/>
    /// <value><see cref="SpecialTokens.T5"/> with 100 sentinels. A token for unknown characters is needed, among the first.</value>
    public override SpecialTokens SpecialTokens { get; init; } = SpecialTokens.T5();

    /// <summary>Share of the characters of the texts that get a piece, the most frequent first, above 0 and at most 1; the others are unknown.</summary>
    /// <value>null: 1 where there are no more than 1,000 different ones, else 0.9995, which leaves out the rare ones of Chinese.</value>
    public double? CharacterCoverage { get; init; }

    /// <summary>Whether characters without a piece are written as the pieces of their bytes, for which the vocabulary has 256, so that no text is unknown.</summary>
    /// <value>false, as in T5; LLaMA's is true.</value>
    public bool ByteFallback { get; init; }

    /// <summary>
    /// Whether white space stays as it is, as in LLaMA. Otherwise white space of any kind is a blank, of several in a row one is left, and control
    /// characters go.
    /// </summary>
    /// <value>false.</value>
    public bool KeepsBlanks { get; init; }

    /// <summary>Most characters of a piece, its mark of a blank included, at least 1.</summary>
    /// <value>16.</value>
    public int MaxPieceLength { get; init; } = 16;

    /// <summary>Most pieces that are begun with, at least 1.</summary>
    /// <value>1,000,000.</value>
    public int SeedSize { get; init; } = 1_000_000;

    /// <summary>Share of the pieces that each round of pruning leaves, above 0 and below 1.</summary>
    /// <value>0.75.</value>
    public double ShrinkingFactor { get; init; } = 0.75;

    /// <summary>Rounds of expectation and maximization between two of pruning, at least 1.</summary>
    /// <value>2.</value>
    public int Iterations { get; init; } = 2;

    internal override void Check()
    {
        base.Check();
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxPieceLength, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(SeedSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Iterations, 1);
        Between(CharacterCoverage ?? 1, !(CharacterCoverage > 1), "above 0 and at most 1", nameof(CharacterCoverage));
        Between(ShrinkingFactor, ShrinkingFactor < 1, "above 0 and below 1", nameof(ShrinkingFactor));
        string unknown = SpecialTokens.Require("unk_token", "a Unigram vocabulary writes characters with it that it has no pieces for");
        if (!SpecialTokens.First.Contains(unknown))
        {
            throw new ArgumentException($"'{unknown}' is the unk_token, which has to be among the first tokens: it is a piece of the model.", nameof(SpecialTokens));
        }

        static void Between(double value, bool isBelow, string allowed, string name)
        {
            if (!(value > 0 && isBelow))
            {
                throw new ArgumentOutOfRangeException(name, value, $"{name} must be {allowed}.");
            }
        }
    }
}
