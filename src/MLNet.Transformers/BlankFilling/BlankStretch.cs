using MLNet.Transformers.Batching;

namespace MLNet.Transformers.BlankFilling;

/// <summary>A stretch of a text with some of its blanks, as a network reads it: all of the text where that fits.</summary>
/// <param name="Tokens">What the network reads.</param>
/// <param name="Around">What stands before the first blank, between two, and behind the last.</param>
/// <param name="IsCut">Whether some of the text is left out.</param>
internal sealed record BlankStretch(TokenSequence Tokens, IReadOnlyList<string> Around, bool IsCut)
{
    public int Blanks => Around.Count - 1;
}
