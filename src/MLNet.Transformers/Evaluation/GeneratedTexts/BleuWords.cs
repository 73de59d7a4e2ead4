using System.Text;

namespace MLNet.Transformers.Evaluation;

/// <summary>sacreBLEU's tokenizers.</summary>
internal static class BleuWords
{
    // sacreBLEU's blocks. Its two beyond U+FFFF are written with four digits too few, so that they mean U+2001 to U+2A6D (dashes, quotes, arrows, ...)
    // and a part of a block that is listed anyhow.
    private static readonly (char First, char Last)[] _chinese =
    [
        ('\u2001', '\u2A6D'), ('\u2E80', '\u2FDF'), ('\u2FF0', '\u303F'), ('\u3100', '\u312F'), ('\u31A0', '\u31BF'), ('\u31C0', '\u31EF'), ('\u3200', '\u4DB5'),
        ('\u4E00', '\u9FBB'), ('\uF900', '\uFA2D'), ('\uFA30', '\uFA6A'), ('\uFA70', '\uFAD9'), ('\uFE10', '\uFE1F'), ('\uFE30', '\uFE4F'), ('\uFF00', '\uFFEF'),
    ];

    public static string[] Of(string text, BleuTokenizer tokenizer) => tokenizer switch
    {
        BleuTokenizer.Chinese => PythonText.Words(PunctuationApart(ChineseApart(string.Join(' ', PythonText.Words(text))))),
        BleuTokenizer.Characters => [.. PythonText.Words(text).SelectMany(PythonText.Characters)],
        BleuTokenizer.International => International(text),
        BleuTokenizer.None => PythonText.Words(text),
        _ => Mteval13a(text),
    };

    private static string[] Mteval13a(string text)
    {
        text = text.Replace("<skipped>", "", StringComparison.Ordinal).Replace("-\n", "", StringComparison.Ordinal).Replace('\n', ' ');
        return PythonText.Words(PunctuationApart($" {MtevalRules.Unescaped(text)} "));
    }

    private static string PunctuationApart(string text) => MtevalRules.PeriodsApart(MtevalRules.SymbolsApart(text));

    private static string ChineseApart(string text)
    {
        var apart = new StringBuilder(text.Length * 2);
        foreach (char character in text)
        {
            bool chinese = _chinese.Any(block => character >= block.First && character <= block.Last);
            apart.Append(chinese ? $" {character} " : character);
        }
        return apart.ToString();
    }

    private static string[] International(string text)
    {
        string[] characters = [.. PythonText.Characters(text)];
        characters = Split(characters, one => !IsNumber(one), IsPunctuation, (one, other) => [one, " ", other, " "]);
        characters = Split(characters, IsPunctuation, other => !IsNumber(other), (one, other) => [" ", one, " ", other]);
        return PythonText.Words(string.Concat(characters.Select(one => IsSymbol(one) ? $" {one} " : one)));
    }

    // As a regular expression of two characters would replace them: one after the other, none twice.
    private static string[] Split(string[] characters, Func<string, bool> first, Func<string, bool> second, Func<string, string, string[]> apart)
    {
        var split = new List<string>(characters.Length * 2);
        for (int i = 0; i < characters.Length; i++)
        {
            if (i + 1 < characters.Length && first(characters[i]) && second(characters[i + 1]))
            {
                split.AddRange(apart(characters[i], characters[++i]));
            }
            else
            {
                split.Add(characters[i]);
            }
        }
        return [.. split];
    }

    private static bool IsNumber(string character) => char.IsNumber(character, 0);

    private static bool IsPunctuation(string character) => char.IsPunctuation(character, 0);

    private static bool IsSymbol(string character) => char.IsSymbol(character, 0);
}
