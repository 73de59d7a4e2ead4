using System.Globalization;
using System.Text;
using MLNet.Transformers.Tokenization.SentencePiece;
using MLNet.Transformers.Tokenization.Unicode;

namespace MLNet.Transformers.Tokenization.Normalizers;

/// <summary>
/// SentencePiece's replacements as a tokenizer.json applies them: not by the longest rule at each place, but grapheme by grapheme. A grapheme of
/// less than 6 bytes is replaced as a whole by the shortest rule that it begins with, else each of its characters by itself (tokenizers:
/// normalizers/precompiled.rs; the spm_precompiled crate).
/// </summary>
internal sealed class PrecompiledNormalizer : INormalizer
{
    private const int GraphemeBytes = 6;

    private readonly CharacterMap _map;
    private readonly bool[] _keptAscii = new bool[0x80];

    public PrecompiledNormalizer(CharacterMap map)
    {
        _map = map;
        for (char ascii = '\0'; ascii < _keptAscii.Length; ascii++)
        {
            _keptAscii[ascii] = map.Shortest([ascii]) is null;
        }
    }

    public AlignedText Normalize(AlignedText text)
    {
        ReadOnlySpan<char> characters = text.Characters.Span;
        int kept = KeptAscii(characters);
        if (kept == characters.Length)
        {
            return text;
        }
        // A character that goes leaves its place to the one before it.
        kept = Math.Max(0, kept - 1);
        List<Part> parts = [];
        bool changed = false;
        for (int at = kept; at < characters.Length;)
        {
            int plain = KeptAscii(characters[at..]);
            Keep(characters.Slice(at, plain), parts);
            at += plain;
            if (at < characters.Length)
            {
                int length = StringInfo.GetNextTextElementLength(characters[at..]);
                changed |= Change(characters.Slice(at, length), parts);
                at += length;
            }
        }
        if (!changed)
        {
            return text;
        }
        var builder = new AlignedTextBuilder(text);
        builder.Keep(0, kept);
        Transformation.Append(builder, characters, kept, parts);
        return builder.Build();
    }

    // ASCII before other ASCII is a grapheme of its own, but for a line end of two characters.
    private int KeptAscii(ReadOnlySpan<char> characters)
    {
        int i = 0;
        while (i < characters.Length && characters[i] < _keptAscii.Length && _keptAscii[characters[i]] && characters[i] != '\r')
        {
            i++;
        }
        return i > 0 && i < characters.Length && characters[i] >= _keptAscii.Length ? i - 1 : i;
    }

    private static void Keep(ReadOnlySpan<char> characters, List<Part> parts)
    {
        foreach (Rune rune in characters.EnumerateRunes())
        {
            parts.Add(new Part(rune.Value, 0, 0));
        }
    }

    private bool Change(ReadOnlySpan<char> grapheme, List<Part> parts)
    {
        if (Encoding.UTF8.GetByteCount(grapheme) < GraphemeBytes && _map.Shortest(grapheme) is { } whole)
        {
            Replace(grapheme, whole, parts);
            return true;
        }
        bool changed = false;
        for (int i = 0, length; i < grapheme.Length; i += length)
        {
            _ = Characters.At(grapheme, i, out length);
            if (_map.Shortest(grapheme.Slice(i, length)) is { } replacement)
            {
                Replace(grapheme.Slice(i, length), replacement, parts);
                changed = true;
            }
            else
            {
                Keep(grapheme.Slice(i, length), parts);
            }
        }
        return changed;
    }

    // Where characters are added, the last that were written count as added; where some are gone, the last that is written takes them.
    private static void Replace(ReadOnlySpan<char> old, string replacement, List<Part> parts)
    {
        int before = parts.Count;
        Keep(replacement, parts);
        int added = parts.Count - before;
        foreach (Rune _ in old.EnumerateRunes())
        {
            added--;
        }
        for (int i = parts.Count - 1; i >= parts.Count - added; i--)
        {
            parts[i] = parts[i] with { Change = 1 };
        }
        if (added < 0 && parts.Count > 0)
        {
            parts[^1] = parts[^1] with { Change = parts[^1].Change + added };
        }
    }
}
