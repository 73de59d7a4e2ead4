namespace MLNet.Transformers.BlankFilling;

/// <summary>What fills a blank.</summary>
/// <param name="Texts">What may fill it, the best first.</param>
/// <param name="Scores">The probability of each; none where it was written.</param>
/// <param name="InPlace">The best as it stands in the text; null: nothing fills the blank.</param>
internal sealed record Filling(string[] Texts, float[] Scores, string? InPlace)
{
    /// <summary>Whether it stands right behind what is before the blank, without the white space between.</summary>
    public bool Joins { get; init; }

    /// <summary>Whether the text was too long for the network to read all of it.</summary>
    public bool IsCut { get; init; }

    /// <summary>What a network wrote; null: it cannot be told.</summary>
    public static Filling OfWritten(string? text, bool isCut) => new([text ?? ""], [], text) { IsCut = isCut };
}
