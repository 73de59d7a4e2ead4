using Microsoft.ML.Tokenizers;
using MLNet.Transformers.Tokenization.Decoders;

namespace MLNet.Transformers.Tokenization.Adapters;

/// <summary>Decodes by a tokenizer of Microsoft.ML.Tokenizers, which only decodes all of a text: what it says of more ids goes on where it left off.</summary>
/// <param name="tokenizer">The tokenizer.</param>
/// <param name="vocabulary">Its tokens and ids.</param>
internal sealed class ForeignDecoder(Tokenizer tokenizer, IReadOnlyDictionary<string, int> vocabulary) : WholeTokenDecoder
{
    private int[] _ids = [];
    private string _said = "";

    public override void Finish(List<TokenText> decoded) => Say(decoded, isLast: true);

    protected override void Add(string token, List<TokenText> decoded)
    {
        _ids = [.. _ids, vocabulary[token]];
        Say(decoded, isLast: false);
    }

    // A character whose bytes are not all there yet is decoded as U+FFFD.
    private void Say(List<TokenText> decoded, bool isLast)
    {
        string text = tokenizer.Decode(_ids);
        if ((isLast || !text.EndsWith('\uFFFD')) && text.Length > _said.Length && text.StartsWith(_said, StringComparison.Ordinal))
        {
            decoded.Add(new TokenText(text[_said.Length..], Ends: true));
            _said = text;
        }
    }
}
