using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Parity.Tokenizers;

/// <summary>Encodings of one length, as the reference's tokenizers pad them.</summary>
/// <param name="Ids">Token ids, a row per encoding.</param>
/// <param name="TypeIds">Type ids.</param>
/// <param name="AttentionMask">1 for tokens, 0 for padding.</param>
internal sealed record BatchEncoding(int[][] Ids, int[][] TypeIds, int[][] AttentionMask);

internal static class BatchPadding
{
    /// <summary>Fills encodings up to one length.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="encodings">The rows.</param>
    /// <param name="length">The length; null: that of the longest.</param>
    /// <param name="side">The end to fill; null: that of the tokenizer.</param>
    /// <exception cref="InvalidOperationException">The tokenizer has no padding token.</exception>
    /// <exception cref="ArgumentException">A row is longer than <paramref name="length"/>.</exception>
    public static BatchEncoding PadBatch(this TextEncoder tokenizer, IReadOnlyList<TokenEncoding> encodings, int? length = null, Side? side = null)
    {
        int pad = tokenizer.PadTokenId ?? throw new InvalidOperationException("The tokenizer has no padding token ('pad_token').");
        int longest = encodings.Count == 0 ? 0 : encodings.Max(encoding => encoding.Length);
        int width = length ?? longest;
        if (longest > width)
        {
            throw new ArgumentException($"A row has {longest} tokens, which is more than the length {width} that rows are to be filled up to. Encode with MaxTokens {width}.");
        }
        return new BatchEncoding(
            [.. encodings.Select(encoding => Fill(encoding.Ids, pad))],
            [.. encodings.Select(encoding => Fill(encoding.TypeIds, 0))],
            [.. encodings.Select(encoding => Fill([.. Enumerable.Repeat(1, encoding.Length)], 0))]);

        int[] Fill(int[] values, int filling)
        {
            int[] padding = [.. Enumerable.Repeat(filling, width - values.Length)];
            return (side ?? tokenizer.PaddingSide) == Side.Right ? [.. values, .. padding] : [.. padding, .. values];
        }
    }
}
