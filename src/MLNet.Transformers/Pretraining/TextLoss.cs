namespace MLNet.Transformers.Pretraining;

/// <summary>The loss of a text.</summary>
/// <param name="Sum">The sum over its tokens.</param>
/// <param name="Tokens">How many were guessed.</param>
internal readonly record struct TextLoss(double Sum, int Tokens)
{
    public double Mean => Tokens > 0 ? Sum / Tokens : double.NaN;
}
