using MLNet.Transformers.Tokenization.Patterns;

namespace MLNet.Transformers.Tokenization.Decoders;

/// <summary>From tokens back to text.</summary>
internal interface IDecoder
{
    IReadOnlyList<string> Decode(IReadOnlyList<string> tokens);
}

/// <summary>One after the other.</summary>
internal sealed class SequenceDecoder(IReadOnlyList<IDecoder> parts) : IDecoder
{
    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens) => parts.Aggregate(tokens, (current, part) => part.Decode(current));
}

/// <summary>Joins all tokens to one.</summary>
internal sealed class FuseDecoder : IDecoder
{
    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens) => [string.Concat(tokens)];
}

/// <summary>Replaces a text in each token.</summary>
internal sealed class ReplaceDecoder(ITextPattern pattern, string replacement) : IDecoder
{
    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens) =>
        [.. tokens.Select(token => pattern.Replace(token, replacement))];
}

/// <summary>Removes a character at the ends of each token, at most so many times.</summary>
internal sealed class StripDecoder(char content, int start, int stop) : IDecoder
{
    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens) => [.. tokens.Select(Strip)];

    private string Strip(string token)
    {
        int from = 0;
        while (from < start && from < token.Length && token[from] == content)
        {
            from++;
        }
        int to = token.Length;
        while (token.Length - to < stop && to > from && token[to - 1] == content)
        {
            to--;
        }
        return token[from..to];
    }
}
