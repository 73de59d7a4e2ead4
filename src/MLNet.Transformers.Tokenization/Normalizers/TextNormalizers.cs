using MLNet.Transformers.Tokenization.Patterns;
using MLNet.Transformers.Tokenization.Unicode;

namespace MLNet.Transformers.Tokenization.Normalizers;

/// <summary>Removes white space at the ends.</summary>
internal sealed class StripNormalizer(bool left, bool right) : INormalizer
{
    public AlignedText Normalize(AlignedText text)
    {
        ReadOnlySpan<char> characters = text.Characters.Span;
        int start = left ? characters.Length - characters.TrimStart().Length : 0;
        int end = right ? Math.Max(start, characters.TrimEnd().Length) : characters.Length;
        var builder = new AlignedTextBuilder(text);
        builder.Keep(start, end);
        return builder.Build();
    }
}

/// <summary>Replaces each match of a pattern. The new text has the place of the last character of the match, as in the reference.</summary>
internal sealed class ReplaceNormalizer(ITextPattern pattern, string replacement) : INormalizer
{
    public AlignedText Normalize(AlignedText text)
    {
        ReadOnlySpan<char> characters = text.Characters.Span;
        var builder = new AlignedTextBuilder(text);
        int done = 0;
        foreach ((int start, int end) in pattern.Find(characters))
        {
            builder.Keep(done, start);
            if (end > start)
            {
                int last = end - start >= 2 && char.IsSurrogatePair(characters[end - 2], characters[end - 1]) ? 2 : 1;
                builder.Append(replacement, end - last, last);
            }
            done = end;
        }
        builder.Keep(done, characters.Length);
        return builder.Build();
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
        builder.Keep(0, characters.Length);
        return builder.Build();
    }
}

/// <summary>Writes the text in the byte alphabet (tokenizers: normalizers/byte_level.rs).</summary>
internal sealed class ByteLevelNormalizer : INormalizer
{
    public AlignedText Normalize(AlignedText text) => text.Length == 0 ? text : ByteLevelText.Write(text);
}
