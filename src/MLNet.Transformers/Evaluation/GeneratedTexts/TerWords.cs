using System.Text.RegularExpressions;

namespace MLNet.Transformers.Evaluation;

/// <summary>The words that TER compares: sacreBLEU's copy of tercom's normalizer.</summary>
internal static partial class TerWords
{
    public static string[] Of(string text, TerOptions options)
    {
        text = PythonText.TrimEnd(text);
        if (text.Length == 0)
        {
            return [];
        }
        text = options.CaseSensitive ? text : PythonText.Lower(text);
        if (options.Normalize)
        {
            text = Western(text);
            text = options.AsianSupport ? Asian(text) : text;
            text = string.Join(' ', PythonText.Words(text));
        }
        if (options.WithoutPunctuation)
        {
            text = Punctuation().Replace(text, "");
            text = options.AsianSupport ? FullWidthPunctuation().Replace(AsianPunctuation().Replace(text, ""), "") : text;
        }
        return PythonText.Words(text);
    }

    private static string Western(string text)
    {
        text = MtevalRules.Unescaped(text.Replace("\n-", "", StringComparison.Ordinal).Replace('\n', ' '));
        return MtevalRules.PeriodsApart(MtevalRules.SymbolsApart($" {text} ").Replace("'s ", " 's ", StringComparison.Ordinal));
    }

    private static string Asian(string text)
    {
        text = Characters().Replace(text, " $1 ");
        text = OtherCharacters().Replace(text, " $1 ");
        return FullWidthPunctuation().Replace(AsianPunctuation().Replace(text, " $1 "), " $1 ");
    }

    [GeneratedRegex(@"([\u4e00-\u9fff\u3400-\u4dbf\u31c0-\u31ef\u2e80-\u2eff])")]
    private static partial Regex Characters();

    // The last range is tercom's 3200 to 32FF with two digits changed places, as sacreBLEU has it.
    [GeneratedRegex(@"([\u3300-\u33ff\uf900-\ufaff\ufe30-\ufe4f\u3200-\u3f22])")]
    private static partial Regex OtherCharacters();

    [GeneratedRegex(@"([\u3001\u3002\u3008-\u3011\u3014-\u301f\uff61-\uff65\u30fb])")]
    private static partial Regex AsianPunctuation();

    [GeneratedRegex(@"([\uff0e\uff0c\uff1f\uff1a\uff1b\uff01\uff02\uff08\uff09])")]
    private static partial Regex FullWidthPunctuation();

    [GeneratedRegex(@"[\.,\?:;!""\(\)]")]
    private static partial Regex Punctuation();
}
