using System.Text.RegularExpressions;

namespace MLNet.Transformers.Tokenization.Normalizers;

/// <summary>Removes white space at the ends.</summary>
internal sealed class StripNormalizer(bool left, bool right) : INormalizer
{
    public AlignedText Normalize(AlignedText text)
    {
        ReadOnlySpan<char> characters = text.Characters.Span;
        int start = left ? characters.Length - characters.TrimStart().Length : 0;
        int end = right ? Math.Max(start, characters.TrimEnd().Length) : characters.Length;
        if (end == start)
        {
            return AlignedText.Of(ReadOnlyMemory<char>.Empty, text.Origin);
        }
        var builder = new AlignedTextBuilder(text);
        for (int i = start; i < end; i++)
        {
            builder.Append(characters.Slice(i, 1), i, 1);
        }
        return builder.Build();
    }
}

/// <summary>Replaces each match of a pattern.</summary>
internal sealed class ReplaceNormalizer(Regex pattern, string replacement) : INormalizer
{
    public AlignedText Normalize(AlignedText text)
    {
        ReadOnlySpan<char> characters = text.Characters.Span;
        var builder = new AlignedTextBuilder(text);
        int done = 0;
        foreach (ValueMatch match in pattern.EnumerateMatches(characters))
        {
            Keep(builder, characters, done, match.Index);
            if (match.Length > 0)
            {
                builder.Append(replacement, match.Index, match.Length);
            }
            done = match.Index + match.Length;
        }
        Keep(builder, characters, done, characters.Length);
        return builder.Build();
    }

    private static void Keep(AlignedTextBuilder builder, ReadOnlySpan<char> characters, int start, int end)
    {
        for (int i = start; i < end; i++)
        {
            builder.Append(characters.Slice(i, 1), i, 1);
        }
    }
}

/// <summary>Puts a text in front, unless there is nothing to put it in front of.</summary>
internal sealed class PrependNormalizer(string prefix) : INormalizer
{
    public AlignedText Normalize(AlignedText text)
    {
        if (text.Length == 0)
        {
            return text;
        }
        ReadOnlySpan<char> characters = text.Characters.Span;
        var builder = new AlignedTextBuilder(text);
        _ = Characters.At(characters, 0, out int first);
        builder.Append(prefix, 0, first);
        for (int i = 0; i < characters.Length; i++)
        {
            builder.Append(characters.Slice(i, 1), i, 1);
        }
        return builder.Build();
    }
}
