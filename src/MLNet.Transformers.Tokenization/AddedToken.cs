namespace MLNet.Transformers.Tokenization;

/// <summary>A token that is found in the text as a whole, before it is cut into words.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">Its text.</param>
/// <param name="Special">Whether decoding may leave it out.</param>
/// <param name="SingleWord">Whether it is found only where it is not part of a longer word.</param>
/// <param name="StripsLeft">Whether it takes the white space before it.</param>
/// <param name="StripsRight">Whether it takes the white space behind it.</param>
/// <param name="Normalized">Whether it is looked for in the normalized text rather than in the original.</param>
internal sealed record AddedToken(
    int Id, string Content, bool Special, bool SingleWord = false, bool StripsLeft = false, bool StripsRight = false, bool Normalized = false)
{
    /// <summary>Whether it is looked for in texts at all; else it is only known when it is decoded.</summary>
    public bool Searched { get; init; } = true;
}
