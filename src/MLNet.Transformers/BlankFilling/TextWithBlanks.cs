using System.Text;
using System.Text.RegularExpressions;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.BlankFilling;

/// <summary>A text, and where its blanks stand in it, in their order.</summary>
internal sealed record TextWithBlanks(string Text, IReadOnlyList<TextSpan> Blanks)
{
    public static TextWithBlanks Of(string text, Regex blank) =>
        new(text, [.. blank.Matches(text).Select(match => new TextSpan(match.Index, match.Index + match.Length))]);

    /// <summary>How a blank is written.</summary>
    public string Written(int blank) => Text[Blanks[blank].Start..Blanks[blank].End];

    /// <summary>What stands before a blank, up to the blank before it; of the number behind the last what stands behind that.</summary>
    public string Before(int blank) => Text[(blank == 0 ? 0 : Blanks[blank - 1].End)..(blank == Blanks.Count ? Text.Length : Blanks[blank].Start)];

    /// <summary>The text with all blanks filled.</summary>
    /// <param name="fillings">One for each blank.</param>
    public string Filled(IReadOnlyList<Filling> fillings)
    {
        var filled = new StringBuilder();
        for (int blank = 0; blank < Blanks.Count; blank++)
        {
            string before = Before(blank);
            filled.Append(fillings[blank].Joins ? before.TrimEnd() : before).Append(fillings[blank].InPlace ?? Written(blank));
        }
        return filled.Append(Before(Blanks.Count)).ToString();
    }

    /// <summary>The text with its first blank filled, the others still to be.</summary>
    public TextWithBlanks FirstFilled(string filling)
    {
        TextSpan first = Blanks[0];
        int moved = filling.Length - (first.End - first.Start);
        return new(
            Text[..first.Start] + filling + Text[first.End..], [.. Blanks.Skip(1).Select(blank => new TextSpan(blank.Start + moved, blank.End + moved))]);
    }
}
