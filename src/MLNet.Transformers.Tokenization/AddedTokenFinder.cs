using System.Buffers;
using System.Text;
using MLNet.Transformers.Tokenization.Unicode;

namespace MLNet.Transformers.Tokenization;

/// <summary>Finds added tokens in a text: the leftmost, and of those that begin at one place the longest (tokenizers: added_vocabulary.rs).</summary>
internal sealed class AddedTokenFinder
{
    private readonly ILookup<char, (string Content, AddedToken Token)> _byFirst;
    private readonly SearchValues<char> _firsts;

    /// <param name="tokens">What to look for, by the text it is looked for as.</param>
    public AddedTokenFinder(IEnumerable<(string Content, AddedToken Token)> tokens)
    {
        // Of tokens that are written the same the last counts, as in the reference.
        _byFirst = tokens.Where(item => item.Content.Length > 0).Reverse().OrderByDescending(item => item.Content.Length).ToLookup(item => item.Content[0]);
        _firsts = SearchValues.Create([.. _byFirst.Select(group => group.Key)]);
    }

    /// <summary>Matches in their order: the token, first unit and unit behind the last, white space that the token takes included.</summary>
    public List<(AddedToken Token, int Start, int End)>? Find(ReadOnlySpan<char> text)
    {
        List<(AddedToken, int, int)>? matches = null;
        int from = 0;
        for (int at = text.IndexOfAny(_firsts); at >= 0;)
        {
            int next = at + 1;
            if (At(text, at) is { } token)
            {
                int end = at + token.Content.Length;
                next = end;
                if (!token.Token.SingleWord || IsWholeWord(text, at, end))
                {
                    int start = token.Token.StripsLeft ? from + text[from..at].TrimEnd().Length : at;
                    end = token.Token.StripsRight ? text.Length - text[end..].TrimStart().Length : end;
                    (matches ??= []).Add((token.Token, start, end));
                    from = next = end;
                }
            }
            int found = next < text.Length ? text[next..].IndexOfAny(_firsts) : -1;
            at = found < 0 ? -1 : next + found;
        }
        return matches;
    }

    private (string Content, AddedToken Token)? At(ReadOnlySpan<char> text, int at)
    {
        foreach ((string content, AddedToken token) in _byFirst[text[at]])
        {
            if (text[at..].StartsWith(content, StringComparison.Ordinal))
            {
                return (content, token);
            }
        }
        return null;
    }

    private static bool IsWholeWord(ReadOnlySpan<char> text, int start, int end) =>
        (start == 0 || Rune.DecodeLastFromUtf16(text[..start], out Rune before, out _) != OperationStatus.Done || !Characters.IsWord(before))
        && (end == text.Length || !Characters.IsWord(Characters.At(text, end, out _)));
}
