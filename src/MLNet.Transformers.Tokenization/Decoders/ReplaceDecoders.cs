using System.Text;
using MLNet.Transformers.Tokenization.Patterns;

namespace MLNet.Transformers.Tokenization.Decoders;

/// <summary>Replaces a pattern in each token.</summary>
internal sealed class ReplaceDecoder(ITextPattern pattern, string replacement)
    : EachTokenDecoder((token, _) => pattern.Replace(token, replacement));

/// <summary>Replaces a text in each token; of a token that is not complete yet, what may be the text's beginning is held back.</summary>
/// <param name="old">At least one character.</param>
/// <param name="replacement">What takes its place.</param>
internal sealed class ReplaceTextDecoder(string old, string replacement) : TokenDecoder
{
    private string _held = "";

    public override void Add(TokenText token, List<TokenText> decoded)
    {
        string text = _held + token.Text;
        var replaced = new StringBuilder();
        int done = 0;
        for (int at; (at = text.IndexOf(old, done, StringComparison.Ordinal)) >= 0; done = at + old.Length)
        {
            replaced.Append(text, done, at - done).Append(replacement);
        }
        int held = token.Ends ? 0 : Begun(text.AsSpan(done));
        _held = text[^held..];
        decoded.Add(token with { Text = replaced.Append(text, done, text.Length - done - held).ToString() });
    }

    // How many characters at the end may be the beginning of the text to be replaced.
    private int Begun(ReadOnlySpan<char> text)
    {
        int length = Math.Min(old.Length - 1, text.Length);
        while (!text[^length..].SequenceEqual(old.AsSpan(0, length)))
        {
            length--;
        }
        return length;
    }
}

/// <summary>Removes characters at the ends of each token.</summary>
/// <param name="matches">Which characters.</param>
/// <param name="start">Most characters in front.</param>
/// <param name="stop">Most characters at the end.</param>
internal sealed class StripDecoder(Func<char, bool> matches, int start, int stop) : TokenDecoder
{
    private int _removed;
    private string _held = "";

    public override void Add(TokenText token, List<TokenText> decoded)
    {
        int from = 0;
        while (_removed + from < start && from < token.Text.Length && matches(token.Text[from]))
        {
            from++;
        }
        _removed = from < token.Text.Length ? start : _removed + from;
        string text = _held + token.Text[from..];
        int to = text.Length;
        while (text.Length - to < stop && to > 0 && matches(text[to - 1]))
        {
            to--;
        }
        _held = token.Ends ? "" : text[to..];
        _removed = token.Ends ? 0 : _removed;
        decoded.Add(token with { Text = text[..to] });
    }
}
