using System.Text;

namespace MLNet.Transformers.Tokenization.Normalizers;

/// <summary>Lower case, character by character; U+0130 becomes two.</summary>
internal sealed class LowercaseNormalizer : INormalizer
{
    public static LowercaseNormalizer Instance { get; } = new();

    public AlignedText Normalize(AlignedText text)
    {
        ReadOnlySpan<char> characters = text.Characters.Span;
        var builder = new AlignedTextBuilder(text);
        Span<char> buffer = stackalloc char[2];
        for (int i = 0, length; i < characters.Length; i += length)
        {
            Rune rune = Characters.At(characters, i, out length);
            if (rune.Value == 0x130)
            {
                builder.Append("i\u0307", i, length);
            }
            else
            {
                int written = Rune.ToLowerInvariant(rune).EncodeToUtf16(buffer);
                builder.Append(buffer[..written], i, length);
            }
        }
        return builder.Build();
    }
}

/// <summary>Removes accents: nonspacing marks, after taking characters apart where that is asked for.</summary>
internal sealed class StripAccentsNormalizer(bool decompose) : INormalizer
{
    public AlignedText Normalize(AlignedText text)
    {
        AlignedText apart = decompose ? new UnicodeFormNormalizer(NormalizationForm.FormD).Normalize(text) : text;
        ReadOnlySpan<char> characters = apart.Characters.Span;
        var builder = new AlignedTextBuilder(apart);
        for (int i = 0, length; i < characters.Length; i += length)
        {
            if (!Characters.IsNonspacingMark(Characters.At(characters, i, out length)))
            {
                builder.Append(characters.Slice(i, length), i, length);
            }
        }
        return builder.Build();
    }
}

/// <summary>One of the four Unicode normalization forms (UAX #15).</summary>
internal sealed class UnicodeFormNormalizer(NormalizationForm form) : INormalizer
{
    public AlignedText Normalize(AlignedText text)
    {
        ReadOnlySpan<char> characters = text.Characters.Span;
        var builder = new AlignedTextBuilder(text);
        for (int start = 0; start < characters.Length;)
        {
            int end = ClusterEnd(characters, start);
            Append(builder, characters[start..end], start);
            start = end;
        }
        return builder.Build();
    }

    // Characters change only together with the marks that follow them, so a text is normalized cluster by cluster, and each keeps its place.
    private static int ClusterEnd(ReadOnlySpan<char> characters, int start)
    {
        Characters.At(characters, start, out int length);
        int end = start + length;
        while (end < characters.Length)
        {
            Rune next = Characters.At(characters, end, out length);
            if (!Combines(next))
            {
                break;
            }
            end += length;
        }
        return end;
    }

    // Marks, and the vowels and final consonants of Hangul, which compose with what stands before them.
    private static bool Combines(Rune rune) => Rune.GetUnicodeCategory(rune)
        is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark
        or System.Globalization.UnicodeCategory.EnclosingMark || rune.Value is >= 0x1161 and <= 0x11FF;

    private void Append(AlignedTextBuilder builder, ReadOnlySpan<char> cluster, int start)
    {
        if (cluster.Length == 1 && char.IsAscii(cluster[0]))
        {
            builder.Append(cluster, start, 1);
            return;
        }
        string whole = Valid(cluster).Normalize(form);
        // Where taking apart gives the same as doing it character by character, each character keeps its own place.
        int at = 0;
        var parts = new List<(string Text, int Start, int Length)>();
        for (int i = 0, length; i < cluster.Length; i += length)
        {
            Rune rune = Characters.At(cluster, i, out length);
            string part = rune.ToString().Normalize(form);
            parts.Add((part, i, length));
            at += part.Length;
        }
        if (at != whole.Length)
        {
            builder.Append(whole, start, cluster.Length);
            return;
        }
        at = 0;
        foreach ((string part, int partStart, int length) in parts)
        {
            builder.Append(whole.AsSpan(at, part.Length), start + partStart, length);
            at += part.Length;
        }
    }

    private static string Valid(ReadOnlySpan<char> text)
    {
        var valid = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            valid.Append(rune.ToString());
        }
        return valid.ToString();
    }
}
