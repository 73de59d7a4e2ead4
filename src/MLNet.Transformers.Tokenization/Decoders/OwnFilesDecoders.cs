using System.Text;
using MLNet.Transformers.Tokenization.SentencePiece;

namespace MLNet.Transformers.Tokenization.Decoders;

/// <summary>
/// Decodes the stretches between added tokens, and joins all with blanks (reference: tokenization_utils.py, PreTrainedTokenizer._decode).
/// </summary>
/// <param name="between">Decodes what lies between them.</param>
/// <param name="apart">The added tokens.</param>
internal sealed class AddedTokenDecoder(IDecoder between, IReadOnlySet<string> apart) : IDecoder
{
    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens)
    {
        List<string> parts = [];
        List<string> stretch = [];
        foreach (string token in tokens)
        {
            if (apart.Contains(token))
            {
                parts.AddRange(Decoded(stretch).Where(text => text.Length > 0));
                stretch.Clear();
                parts.Add(token);
            }
            else
            {
                stretch.Add(token);
            }
        }
        parts.AddRange(Decoded(stretch));
        return [string.Join(' ', parts)];
    }

    private IEnumerable<string> Decoded(List<string> tokens) => tokens.Count == 0 ? [] : [string.Concat(between.Decode(tokens))];
}

/// <summary>Decodes pieces with special tokens among them as T5's own tokenizer does (reference: tokenization_t5.py, convert_tokens_to_string).</summary>
/// <param name="model">The pieces.</param>
/// <param name="special">The special tokens.</param>
/// <param name="addsPrefix">Whether the blank in front is the tokenizer's own.</param>
internal sealed class T5Decoder(SentencePieceModel model, IReadOnlySet<string> special, bool addsPrefix) : IDecoder
{
    private readonly SentencePieceDecoder _pieces = new(model);

    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens)
    {
        var text = new StringBuilder();
        List<string> stretch = [];
        bool afterSpecial = false;
        for (int i = 0; i < tokens.Count; i++)
        {
            string token = i == 0 && addsPrefix ? WithoutBlank(tokens[0]) : tokens[i];
            if (special.Contains(token))
            {
                text.Append(afterSpecial ? "" : " ").Append(_pieces.Text(stretch)).Append(token);
                stretch.Clear();
            }
            else
            {
                stretch.Add(token);
            }
            afterSpecial = special.Contains(token);
        }
        return [text.Append(_pieces.Text(stretch)).ToString().Trim()];
    }

    /// <summary>A piece without the blank that it begins with.</summary>
    public static string WithoutBlank(string piece) => piece.StartsWith(SentencePieceModel.Blank) ? piece[1..] : piece;
}

/// <summary>Decodes pieces with special tokens among them as LLaMA's own tokenizer does (reference: tokenization_llama.py, convert_tokens_to_string).</summary>
/// <param name="model">The pieces.</param>
/// <param name="special">The special tokens.</param>
/// <param name="addsPrefix">Whether the blank in front is the tokenizer's own.</param>
/// <param name="legacy">Whether a blank is written before special tokens.</param>
internal sealed class LlamaDecoder(SentencePieceModel model, IReadOnlySet<string> special, bool addsPrefix, bool legacy) : IDecoder
{
    private readonly SentencePieceDecoder _pieces = new(model);

    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens)
    {
        var text = new StringBuilder();
        List<string> stretch = [];
        bool afterSpecial = false;
        for (int i = 0; i < tokens.Count; i++)
        {
            string token = i == 0 && addsPrefix ? T5Decoder.WithoutBlank(tokens[0]) : tokens[i];
            bool isSpecial = special.Contains(token);
            if (isSpecial)
            {
                text.Append(!afterSpecial && i != 0 && legacy ? " " : "").Append(_pieces.Text(stretch)).Append(token);
                stretch.Clear();
            }
            else
            {
                text.Append(afterSpecial && i == 1 && addsPrefix && !token.StartsWith(SentencePieceModel.Blank) ? " " : "");
                stretch.Add(token);
            }
            afterSpecial = isSpecial;
        }
        return [text.Append(_pieces.Text(stretch)).ToString()];
    }
}
