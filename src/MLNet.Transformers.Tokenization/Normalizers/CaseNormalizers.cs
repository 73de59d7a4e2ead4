using System.Text;
using MLNet.Transformers.Tokenization.Unicode;

namespace MLNet.Transformers.Tokenization.Normalizers;

/// <summary>Lower case, character by character; U+0130 becomes two.</summary>
internal sealed class LowercaseNormalizer : INormalizer
{
    private const char CapitalDottedI = '\u0130';

    public static LowercaseNormalizer Instance { get; } = new();

    public AlignedText Normalize(AlignedText text)
    {
        ReadOnlySpan<char> characters = text.Characters.Span;
        if (!characters.ContainsAnyInRange('A', 'Z') && !characters.ContainsAnyExceptInRange('\0', '\x7F'))
        {
            return text;
        }
        return characters.Contains(CapitalDottedI) ? Rebuild(text) : text with { Characters = Lower(characters) };
    }

    // All characters but one keep their number of units, and with it their places.
    private static char[] Lower(ReadOnlySpan<char> characters)
    {
        var lower = new char[characters.Length];
        if (!characters.ContainsAnyExceptInRange('\0', '\x7F'))
        {
            characters.ToLowerInvariant(lower);
            return lower;
        }
        for (int i = 0, length; i < characters.Length; i += length)
        {
            Rune rune = Characters.At(characters, i, out length);
            Rune.ToLowerInvariant(rune).EncodeToUtf16(lower.AsSpan(i));
        }
        return lower;
    }

    private static AlignedText Rebuild(AlignedText text)
    {
        ReadOnlySpan<char> characters = text.Characters.Span;
        var builder = new AlignedTextBuilder(text);
        for (int i = 0, length; i < characters.Length; i += length)
        {
            Rune rune = Characters.At(characters, i, out length);
            if (rune.Value == CapitalDottedI)
            {
                builder.Append("i\u0307", i, length);
            }
            else
            {
                builder.Append(Rune.ToLowerInvariant(rune), i, length);
            }
        }
        return builder.Build();
    }
}

/// <summary>Removes marks of a kind.</summary>
internal sealed class MarkRemover(Func<Rune, bool> isMark) : INormalizer
{
    public AlignedText Normalize(AlignedText text)
    {
        ReadOnlySpan<char> characters = text.Characters.Span;
        AlignedTextBuilder? builder = null;
        int kept = 0;
        for (int i = 0, length; i < characters.Length; i += length)
        {
            int ascii = characters[i..].IndexOfAnyExceptInRange('\0', '\x7F');
            if (ascii < 0)
            {
                break;
            }
            i += ascii;
            if (isMark(Characters.At(characters, i, out length)))
            {
                builder ??= new AlignedTextBuilder(text);
                builder.Keep(kept, i);
                kept = i + length;
            }
        }
        builder?.Keep(kept, characters.Length);
        return builder?.Build() ?? text;
    }
}
