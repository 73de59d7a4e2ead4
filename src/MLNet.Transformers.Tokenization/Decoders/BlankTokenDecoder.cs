using MLNet.Transformers.Tokenization.Normalizers;

namespace MLNet.Transformers.Tokenization.Decoders;

/// <summary>Turns ChatGLM-6B's tokens for line ends, tabs and runs of blanks back.</summary>
internal sealed class BlankTokenDecoder(IDecoder inner) : IDecoder
{
    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens)
    {
        string text = string.Concat(inner.Decode(tokens)).Replace(BlankTokens.LineEnd, "\n", StringComparison.Ordinal)
            .Replace(BlankTokens.Tab, "\t", StringComparison.Ordinal);
        for (int length = 2; length <= BlankTokens.LongestRun && text.Contains("<|blank_", StringComparison.Ordinal); length++)
        {
            text = text.Replace(BlankTokens.Run(length), new string(' ', length), StringComparison.Ordinal);
        }
        return [text];
    }
}
