namespace MLNet.Transformers.Tokenization;

/// <summary>Encodings of one length.</summary>
/// <param name="Ids">Token ids, a row per encoding.</param>
/// <param name="TypeIds">Type ids.</param>
/// <param name="AttentionMask">1 for tokens, 0 for padding.</param>
public sealed record BatchEncoding(int[][] Ids, int[][] TypeIds, int[][] AttentionMask);
