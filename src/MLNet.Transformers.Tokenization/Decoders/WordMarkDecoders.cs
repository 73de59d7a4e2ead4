namespace MLNet.Transformers.Tokenization.Decoders;

/// <summary>Makes blanks of the marks of words' beginnings; those of the first token go where one was put in front (tokenizers: pre_tokenizers/metaspace.rs).</summary>
internal sealed class MetaspaceDecoder(string mark, bool wasPrepended) : IDecoder
{
    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens) =>
        [.. tokens.Select((token, index) => token.Replace(mark, index == 0 && wasPrepended ? "" : " ", StringComparison.Ordinal))];
}

/// <summary>Makes blanks of the marks of words' ends; those of the last token go (tokenizers: decoders/bpe.rs).</summary>
internal sealed class WordEndDecoder(string mark) : IDecoder
{
    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens) =>
        [.. tokens.Select((token, index) => mark.Length == 0 ? token : token.Replace(mark, index == tokens.Count - 1 ? "" : " ", StringComparison.Ordinal))];
}
