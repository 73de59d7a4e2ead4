namespace MLNet.Transformers.Tokenization.Decoders;

/// <summary>Makes blanks of the marks of words' beginnings; those of the first token go where one was put in front (tokenizers: pre_tokenizers/metaspace.rs).</summary>
internal sealed class MetaspaceDecoder(string mark, bool wasPrepended)
    : EachTokenDecoder((token, isFirst) => token.Replace(mark, isFirst && wasPrepended ? "" : " ", StringComparison.Ordinal));

/// <summary>Makes blanks of the marks of words' ends; those of the last token go (tokenizers: decoders/bpe.rs).</summary>
internal sealed class WordEndDecoder(string mark) : WholeTokenDecoder
{
    private string? _last;

    public override void Finish(List<TokenText> decoded) => Give("", decoded);

    protected override void Add(string token, List<TokenText> decoded)
    {
        Give(" ", decoded);
        _last = token;
    }

    private void Give(string blank, List<TokenText> decoded)
    {
        if (_last is not null)
        {
            decoded.Add(new TokenText(mark.Length == 0 ? _last : _last.Replace(mark, blank, StringComparison.Ordinal), Ends: true));
        }
    }
}
