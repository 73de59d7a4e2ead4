using System.Text.RegularExpressions;

namespace MLNet.Transformers.BlankFilling;

/// <summary>What a network reads in the place of blanks.</summary>
/// <param name="Tokens">The tokens that stand for a blank, at least one.</param>
/// <param name="Numbered">
/// Whether each blank of a text has the token of its number. Else a blank that is written as one of the tokens keeps it, and any other has the first.
/// </param>
internal sealed record BlankMarks(IReadOnlyList<string> Tokens, bool Numbered)
{
    private const string Underscores = "___";

    /// <summary>Most blanks of a text.</summary>
    public int Most => Numbered ? Tokens.Count : int.MaxValue;

    /// <summary>The token at a blank.</summary>
    /// <param name="number">Number of the blank in what is read, from 0.</param>
    /// <param name="written">How it is written in the text.</param>
    public string At(int number, string written) => Numbered ? Tokens[number] : Tokens.Contains(written) ? written : Tokens[0];

    /// <summary>What finds blanks in texts: all tokens, and the text of the options or what stands in for it.</summary>
    public Regex Pattern(string? blankText) => new(
        string.Join('|', Tokens.Append(Written(blankText)).OrderByDescending(text => text.Length).Select(Regex.Escape)), RegexOptions.CultureInvariant);

    /// <summary>How a blank is written.</summary>
    public string Written(string? blankText) => blankText ?? (Numbered ? Underscores : Tokens[0]);
}
