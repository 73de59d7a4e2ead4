using MLNet.Transformers.Models.Generation;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Generation;

/// <summary>Text of ids by a checkpoint's tokenizer, for networks that do not know it.</summary>
internal sealed class TokenizerText(TextDecoder decoder) : ITextDecoder
{
    public string Add(int id) => decoder.Add(id);

    public string Finish() => decoder.Finish();

    public ITextDecoder Copy() => new TokenizerText(decoder.Copy());
}
