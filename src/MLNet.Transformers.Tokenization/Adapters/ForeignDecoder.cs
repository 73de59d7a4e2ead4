using Microsoft.ML.Tokenizers;
using MLNet.Transformers.Tokenization.Decoders;

namespace MLNet.Transformers.Tokenization.Adapters;

/// <summary>
/// Decodes by a tokenizer of Microsoft.ML.Tokenizers, which only decodes all of a text: what it says of more ids goes on where it left off. It is given
/// the last ids only, as many as the text of one may depend on, so that a text of any length costs a few ids a token.
/// </summary>
/// <param name="tokenizer">The tokenizer.</param>
/// <param name="vocabulary">Its tokens and ids.</param>
internal sealed class ForeignDecoder(Tokenizer tokenizer, IReadOnlyDictionary<string, int> vocabulary) : WholeTokenDecoder
{
    // Blanks at a beginning, marks of a word's parts and the like look back at one token, or over some without text.
    private const int ContextIds = 8;

    // A character's four bytes may be as many tokens: bytes in front of the last four are no longer the beginning of one.
    private const int LongestCharacter = 4;

    // Ids of a text that begin words, as tokenizers treat the first word of a text in their own ways.
    private readonly Lazy<int[]> _words = new(() => [.. tokenizer.EncodeToIds("a a")]);
    private int[] _ids = [];
    private string _said = "";
    private int _next;

    public override void Finish(List<TokenText> decoded)
    {
        string text = tokenizer.Decode(_ids);
        if (GoesOn(text))
        {
            decoded.Add(new TokenText(text[_said.Length..], Ends: true));
        }
    }

    protected override void Add(string token, List<TokenText> decoded)
    {
        _ids = [.. _ids, vocabulary[token]];
        string text = tokenizer.Decode(_ids);
        int count = _ids.Length;
        // A character whose bytes are not all there yet is decoded as U+FFFD, and so are bytes that are none, of which there may be many.
        if (text.EndsWith('\uFFFD'))
        {
            count -= LongestCharacter;
            string whole = text;
            text = count > _next ? tokenizer.Decode(_ids[..count]) : "";
            if (!whole.StartsWith(text, StringComparison.Ordinal))
            {
                return;
            }
        }
        if (GoesOn(text))
        {
            decoded.Add(new TokenText(text[_said.Length..], Ends: true));
            _said = text;
            ForgetBefore(count);
        }
    }

    private bool GoesOn(string text) => text.Length > _said.Length && text.StartsWith(_said, StringComparison.Ordinal);

    // Ids up to a place at which a text may begin are left out, where the rest is decoded without them as it is with them, and so are words behind it.
    private void ForgetBefore(int count)
    {
        if (count - _next < ContextIds)
        {
            return;
        }
        int[] rest = _ids[_next..count];
        string text = tokenizer.Decode(rest);
        string words = tokenizer.Decode([.. _ids[..count], .. _words.Value]);
        if (text.Length > 0 && _said.EndsWith(text, StringComparison.Ordinal) && words.StartsWith(_said, StringComparison.Ordinal)
            && tokenizer.Decode([.. rest, .. _words.Value]) == text + words[_said.Length..])
        {
            (_ids, _said, count) = (_ids[_next..], text, rest.Length);
        }
        _next = count;
    }
}
