namespace MLNet.Transformers.Pretraining.Noises;

/// <summary>A stretch of a text's tokens.</summary>
/// <param name="Start">Its first token.</param>
/// <param name="End">The token behind its last.</param>
internal readonly record struct TokenSpan(int Start, int End)
{
    public int Length => End - Start;
}
