using System.Text.RegularExpressions;

namespace MLNet.Transformers.Tokenization.Patterns;

/// <summary>What is looked for in a text.</summary>
internal interface ITextPattern
{
    /// <summary>The matches in their order: first unit, and unit behind the last.</summary>
    List<(int Start, int End)> Find(ReadOnlySpan<char> text);
}

/// <summary>A text that is meant as it is written.</summary>
internal sealed class LiteralPattern(string literal) : ITextPattern
{
    public List<(int Start, int End)> Find(ReadOnlySpan<char> text)
    {
        var matches = new List<(int, int)>();
        for (int at = 0, found; literal.Length > 0 && (found = text[at..].IndexOf(literal)) >= 0; at += found + literal.Length)
        {
            matches.Add((at + found, at + found + literal.Length));
        }
        return matches;
    }
}

/// <summary>A regular expression in the syntax of Oniguruma.</summary>
internal sealed class RegexPattern : ITextPattern
{
    private readonly Regex _regex;
    private readonly SupplementaryUnits _units;

    /// <exception cref="ArgumentException">The pattern uses what is not supported; the message names it.</exception>
    public RegexPattern(string pattern)
    {
        (string translated, _units) = Oniguruma.Translate(pattern);
        _regex = new Regex(translated, RegexOptions.CultureInvariant | RegexOptions.Compiled);
    }

    public List<(int Start, int End)> Find(ReadOnlySpan<char> text)
    {
        var matches = new List<(int, int)>();
        var searched = new SearchedText(text, _units);
        foreach (ValueMatch match in _regex.EnumerateMatches(searched.Characters))
        {
            matches.Add((searched.Original(match.Index), searched.Original(match.Index + match.Length)));
        }
        return matches;
    }
}

internal static class TextPatternExtensions
{
    /// <summary>The text with each match replaced.</summary>
    public static string Replace(this ITextPattern pattern, string text, string replacement)
    {
        var replaced = new System.Text.StringBuilder();
        int done = 0;
        foreach ((int start, int end) in pattern.Find(text))
        {
            replaced.Append(text, done, start - done).Append(start == end ? "" : replacement);
            done = end;
        }
        return replaced.Append(text, done, text.Length - done).ToString();
    }
}
