using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;
using MLNet.Transformers.Text;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Pretraining;

/// <summary>From documents to their tokens, on all cores.</summary>
/// <param name="tokenizer">Makes the tokens.</param>
/// <param name="config">Of the network: which ids it knows.</param>
internal sealed class DocumentEncoder(TextEncoder tokenizer, ModelConfig config)
{
    // Texts that are made tokens at once: enough for all cores, and little memory.
    private const int CharactersAtOnce = 1 << 21;

    private static readonly EncodeOptions _options = new() { AddSpecialTokens = false };

    private readonly EmbeddedTokens _embedded = new(tokenizer, config);

    /// <exception cref="ArgumentException">The text has a token that the network has no row for.</exception>
    public EncodedText Encode(string text)
    {
        TokenEncoding encoding = tokenizer.Encode(text, null, _options);
        var ends = new List<int>();
        int token = 0;
        foreach (int end in Sentences.Ends(text))
        {
            while (token < encoding.Length && encoding.Offsets[token].Start < end)
            {
                token++;
            }
            if (token > 0 && token < encoding.Length && (ends.Count == 0 || ends[^1] < token))
            {
                ends.Add(token);
            }
        }
        return new EncodedText(_embedded.Check(encoding.Ids), encoding.Length == 0 ? [] : [.. ends, encoding.Length]);
    }

    /// <summary>The tokens of each document, in order; only some are held at a time.</summary>
    /// <param name="documents">The documents, which are read once.</param>
    /// <param name="checkAlive">Called now and then; throws where nobody wants them any more.</param>
    public IEnumerable<EncodedText> Encode(IEnumerable<DocumentText> documents, Action checkAlive)
    {
        var texts = new List<DocumentText>();
        int characters = 0;
        foreach (DocumentText document in documents)
        {
            texts.Add(document);
            characters += document.Text.Length;
            if (characters >= CharactersAtOnce)
            {
                foreach (EncodedText encoded in EncodeAll(texts, checkAlive))
                {
                    yield return encoded;
                }
                texts.Clear();
                characters = 0;
            }
        }
        foreach (EncodedText encoded in EncodeAll(texts, checkAlive))
        {
            yield return encoded;
        }
    }

    private EncodedText[] EncodeAll(List<DocumentText> texts, Action checkAlive)
    {
        checkAlive();
        var encoded = new EncodedText[texts.Count];
        AllCores.For(encoded.Length, i => encoded[i] = Encode(texts[i].Text) with { Continues = texts[i].Continues });
        return encoded;
    }
}
