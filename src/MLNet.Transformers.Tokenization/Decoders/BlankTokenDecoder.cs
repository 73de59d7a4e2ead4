using MLNet.Transformers.Tokenization.Normalizers;

namespace MLNet.Transformers.Tokenization.Decoders;

/// <summary>Turns ChatGLM-6B's tokens for line ends, tabs and runs of blanks back, in a text that is one token.</summary>
internal sealed class BlankTokenDecoder : TokenDecoder
{
    private static readonly int _longest = BlankTokens.Run(BlankTokens.LongestRun).Length;

    private string _held = "";

    public override void Add(TokenText token, List<TokenText> decoded)
    {
        string text = _held + token.Text;
        // Each begins with '<', ends with '>' and holds no other '<': an open one may be the beginning of one.
        int open = text.LastIndexOf('<');
        bool mayBegin = !token.Ends && open >= 0 && text.Length - open < _longest && !text.AsSpan(open).Contains('>');
        int end = mayBegin ? open : text.Length;
        _held = text[end..];
        decoded.Add(token with { Text = Replace(text[..end]) });
    }

    private static string Replace(string text)
    {
        text = text.Replace(BlankTokens.LineEnd, "\n", StringComparison.Ordinal).Replace(BlankTokens.Tab, "\t", StringComparison.Ordinal);
        for (int length = 2; length <= BlankTokens.LongestRun && text.Contains("<|blank_", StringComparison.Ordinal); length++)
        {
            text = text.Replace(BlankTokens.Run(length), new string(' ', length), StringComparison.Ordinal);
        }
        return text;
    }
}
