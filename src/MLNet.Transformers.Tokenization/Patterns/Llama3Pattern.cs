using MLNet.Transformers.Tokenization.Unicode;

namespace MLNet.Transformers.Tokenization.Patterns;

/// <summary>
/// The pattern that LLaMA 3 and GLM-4 cut texts with, written out by hand: <c>(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|
/// ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+</c>. It covers any text.
/// </summary>
internal sealed class Llama3Pattern : ITextPattern
{
    /// <summary>The pattern as files write it.</summary>
    public const string Source =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private const int MostDigits = 3;

    public List<(int Start, int End)> Find(ReadOnlySpan<char> text)
    {
        var words = new List<(int, int)>((text.Length / 4) + 1);
        for (int start = 0; start < text.Length;)
        {
            int end = EndOfWord(text, start);
            words.Add((start, end));
            start = end;
        }
        return words;
    }

    private static int EndOfWord(ReadOnlySpan<char> text, int start)
    {
        if (text[start] == '\'' && Contraction(text[(start + 1)..]) is var length and > 0)
        {
            return start + 1 + length;
        }
        CharacterKind kind = CharacterKinds.At(text, start, out int units);
        int second = start + units;
        CharacterKind next = second < text.Length ? CharacterKinds.At(text, second, out units) : kind;
        if (kind == CharacterKind.Letter || (next == CharacterKind.Letter && kind != CharacterKind.Number && !IsLineEnd(text[start])))
        {
            return CharacterKinds.EndOfRun(text, second, CharacterKind.Letter);
        }
        if (kind == CharacterKind.Number)
        {
            return EndOfNumber(text, start);
        }
        if (kind == CharacterKind.Other || (text[start] == ' ' && next == CharacterKind.Other && second < text.Length))
        {
            int end = CharacterKinds.EndOfRun(text, second, CharacterKind.Other);
            return end + text[end..].Length - text[end..].TrimStart("\r\n").Length;
        }
        return EndOfBlanks(text, start);
    }

    private static int EndOfNumber(ReadOnlySpan<char> text, int at)
    {
        for (int digits = 0; digits < MostDigits && at < text.Length && CharacterKinds.At(text, at, out int units) == CharacterKind.Number; digits++)
        {
            at += units;
        }
        return at;
    }

    // To the last line end, else up to the blank that goes with the next word.
    private static int EndOfBlanks(ReadOnlySpan<char> text, int start)
    {
        int end = CharacterKinds.EndOfRun(text, start, CharacterKind.Blank);
        int lineEnd = text[start..end].LastIndexOfAny('\r', '\n');
        return lineEnd >= 0 ? start + lineEnd + 1 : end < text.Length && end - start > 1 ? end - 1 : end;
    }

    // Where case is ignored the long s is an s.
    private static int Contraction(ReadOnlySpan<char> rest) => rest switch
    {
        ['s' or 'S' or '\u017F' or 't' or 'T' or 'm' or 'M' or 'd' or 'D', ..] => 1,
        ['r' or 'R' or 'v' or 'V', 'e' or 'E', ..] or ['l' or 'L', 'l' or 'L', ..] => 2,
        _ => 0,
    };

    private static bool IsLineEnd(char unit) => unit is '\r' or '\n';
}
