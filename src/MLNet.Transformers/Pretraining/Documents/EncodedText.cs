namespace MLNet.Transformers.Pretraining;

/// <summary>The tokens of a document, without special tokens, and of each sentence the index behind its last one.</summary>
internal readonly record struct EncodedText(int[] Ids, int[] SentenceEnds);
