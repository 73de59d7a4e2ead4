namespace MLNet.Transformers.Pretraining;

/// <summary>The text of a document, or a stretch of one that is too long to be held as a whole.</summary>
/// <param name="Text">The text.</param>
/// <param name="Continues">Whether it goes on with the document of the text before.</param>
internal readonly record struct DocumentText(string Text, bool Continues = false);

/// <summary>The tokens of a text, without special tokens.</summary>
/// <param name="Ids">The tokens.</param>
/// <param name="SentenceEnds">Of each sentence the index behind its last one.</param>
/// <param name="Continues">As of <see cref="DocumentText"/>.</param>
internal readonly record struct EncodedText(int[] Ids, int[] SentenceEnds, bool Continues = false);
