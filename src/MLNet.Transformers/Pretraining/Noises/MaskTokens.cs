namespace MLNet.Transformers.Pretraining.Noises;

/// <summary>What is put in the place of tokens that are hidden.</summary>
/// <param name="MaskId">The mask token.</param>
/// <param name="Tokens">Number of tokens that there are; one of them may be put there instead.</param>
/// <param name="RandomShare">How often it is, 0 to 1.</param>
internal readonly record struct MaskTokens(int MaskId, int Tokens, double RandomShare)
{
    public int Next(Random random) => random.NextDouble() < RandomShare ? random.Next(Tokens) : MaskId;
}
