using System.Text.RegularExpressions;

namespace MLNet.Transformers.Evaluation;

/// <summary>The rules of mteval-v13a.pl that BLEU's and TER's words have in common, as sacreBLEU has them.</summary>
internal static partial class MtevalRules
{
    public static string Unescaped(string text) => text.Replace("&quot;", "\"", StringComparison.Ordinal)
        .Replace("&amp;", "&", StringComparison.Ordinal).Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal);

    /// <summary>Blanks around all ASCII punctuation but periods, commas, hyphens and apostrophes.</summary>
    public static string SymbolsApart(string text) => Symbols().Replace(text, " $1 ");

    /// <summary>Blanks around periods and commas that do not stand between digits, and around a hyphen behind a digit.</summary>
    public static string PeriodsApart(string text) =>
        HyphenAfterDigit().Replace(BeforeNoDigit().Replace(AfterNoDigit().Replace(text, "$1 $2 "), " $1 $2"), "$1 $2 ");

    [GeneratedRegex(@"([{-~\[-` -&(-+:-@/])")]
    private static partial Regex Symbols();

    [GeneratedRegex(@"([^0-9])([\.,])")]
    private static partial Regex AfterNoDigit();

    [GeneratedRegex(@"([\.,])([^0-9])")]
    private static partial Regex BeforeNoDigit();

    [GeneratedRegex("([0-9])(-)")]
    private static partial Regex HyphenAfterDigit();
}
