using MLNet.Transformers.Tokenization.Unicode;

namespace MLNet.Transformers.Tokenization.Normalizers;

/// <summary>
/// One of the four Unicode normalization forms (UAX #15). A character that comes from several keeps the place of the first; those that come from
/// one keep its place (the unicode-normalization-alignments crate that the reference uses).
/// </summary>
/// <param name="compatible">Whether characters are also replaced by those that they are compatible with (NFKC, NFKD).</param>
/// <param name="compose">Whether characters are put together again (NFC, NFKC).</param>
internal sealed class UnicodeNormalizer(bool compatible, bool compose) : INormalizer
{
    public AlignedText Normalize(AlignedText text)
    {
        ReadOnlySpan<char> characters = text.Characters.Span;
        AlignedTextBuilder? builder = null;
        List<Part> parts = [];
        int kept = 0;
        for (int start = NextChange(characters, 0); start < characters.Length;)
        {
            int first = compose ? BeforeIn(characters, kept, start) : start;
            int end = EndOfChanges(characters, start);
            builder ??= new AlignedTextBuilder(text);
            builder.Keep(kept, first);
            parts.Clear();
            Decompose(characters[first..end], parts);
            if (compose)
            {
                Composition.Compose(parts);
            }
            Transformation.Append(builder, characters, first, parts);
            kept = end;
            start = NextChange(characters, end);
        }
        builder?.Keep(kept, characters.Length);
        return builder?.Build() ?? text;
    }

    // Neither comes apart, nor changes its place, nor (where that is asked for) composes with the character before it.
    private bool IsInert(int codePoint) => codePoint < 0x80 || ((!compose || codePoint < 0x300)
        && Decompositions.CombiningClass(codePoint) == 0 && Decompositions.Of(codePoint, compatible) is null);

    private int NextChange(ReadOnlySpan<char> characters, int from)
    {
        for (int length; from < characters.Length; from += length)
        {
            int ascii = characters[from..].IndexOfAnyExceptInRange('\0', '\x7F');
            if (ascii < 0)
            {
                return characters.Length;
            }
            from += ascii;
            if (!IsInert(Characters.At(characters, from, out length).Value))
            {
                return from;
            }
        }
        return characters.Length;
    }

    private int EndOfChanges(ReadOnlySpan<char> characters, int from)
    {
        while (from < characters.Length)
        {
            if (IsInert(Characters.At(characters, from, out int length).Value))
            {
                return from;
            }
            from += length;
        }
        return from;
    }

    // The character before may take up what follows it.
    private static int BeforeIn(ReadOnlySpan<char> characters, int from, int start)
    {
        if (start == from)
        {
            return start;
        }
        return start - (start - from >= 2 && char.IsSurrogatePair(characters[start - 2], characters[start - 1]) ? 2 : 1);
    }

    private void Decompose(ReadOnlySpan<char> characters, List<Part> parts)
    {
        for (int i = 0, length; i < characters.Length; i += length)
        {
            int codePoint = Characters.At(characters, i, out length).Value;
            if (Decompositions.Of(codePoint, compatible) is { } apart)
            {
                for (int part = 0; part < apart.Length; part++)
                {
                    Add(parts, new Part(apart[part], Decompositions.CombiningClass(apart[part]), part == 0 ? 0 : 1));
                }
            }
            else
            {
                Add(parts, new Part(codePoint, Decompositions.CombiningClass(codePoint), 0));
            }
        }
    }

    // Marks are put in the order of their classes; those of one class keep theirs.
    private static void Add(List<Part> parts, Part part)
    {
        int at = parts.Count;
        while (part.CombiningClass != 0 && at > 0 && parts[at - 1].CombiningClass > part.CombiningClass)
        {
            at--;
        }
        parts.Insert(at, part);
    }
}
