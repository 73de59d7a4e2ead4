using System.Collections.Immutable;
using System.Text;
using MLNet.Transformers.Tokenization.SentencePiece;

namespace MLNet.Transformers.Tokenization.Decoders;

/// <summary>
/// Decodes the stretches between added tokens, and joins all with blanks (reference: tokenization_utils.py, PreTrainedTokenizer._decode).
/// </summary>
/// <param name="between">Decodes what lies between them.</param>
/// <param name="apart">The added tokens.</param>
internal sealed class AddedTokenDecoder(TokenDecoder between, IReadOnlySet<string> apart) : WholeTokenDecoder
{
    private TokenDecoder? _stretch;
    private bool _stretchHasText;
    private bool _hasParts;

    public override TokenDecoder Start(bool specialTokens) => new AddedTokenDecoder(between.Start(specialTokens), apart);

    public override TokenDecoder Copy()
    {
        var copy = (AddedTokenDecoder)base.Copy();
        copy._stretch = _stretch?.Copy();
        return copy;
    }

    public override void Finish(List<TokenText> decoded)
    {
        bool isOpen = _stretch is not null;
        EndStretch(decoded);
        // An empty stretch at the end is a part all the same.
        decoded.Add(new TokenText(isOpen && !_stretchHasText && _hasParts ? " " : "", Ends: true));
    }

    protected override void Add(string token, List<TokenText> decoded)
    {
        if (!apart.Contains(token))
        {
            if (_stretch is null)
            {
                (_stretch, _stretchHasText) = (between.Copy(), false);
            }
            List<TokenText> texts = [];
            _stretch.Add(new TokenText(token, Ends: true), texts);
            Give(texts, decoded);
            return;
        }
        EndStretch(decoded);
        decoded.Add(new TokenText(_hasParts ? " " + token : token, Ends: false));
        _hasParts = true;
    }

    private void EndStretch(List<TokenText> decoded)
    {
        if (_stretch is null)
        {
            return;
        }
        List<TokenText> rest = [];
        _stretch.Finish(rest);
        _stretch = null;
        Give(rest, decoded);
        _hasParts |= _stretchHasText;
    }

    private void Give(List<TokenText> texts, List<TokenText> decoded)
    {
        string text = string.Concat(texts.Select(part => part.Text));
        if (text.Length > 0)
        {
            decoded.Add(new TokenText(_hasParts && !_stretchHasText ? " " + text : text, Ends: false));
            _stretchHasText = true;
        }
    }
}

/// <summary>
/// Pieces with special tokens among them: what is written before a piece depends on whether a special token comes behind it, so that the text is known
/// only at the end. Where there can be none, pieces are decoded as they come.
/// </summary>
/// <param name="pieces">Decodes pieces.</param>
/// <param name="mixed">The text of all tokens.</param>
internal sealed class MixedDecoder(TokenDecoder pieces, Func<IReadOnlyList<string>, string> mixed) : WholeTokenDecoder
{
    private ImmutableList<string> _tokens = [];

    public override TokenDecoder Start(bool specialTokens) => specialTokens ? Copy() : pieces.Start(specialTokens);

    public override void Finish(List<TokenText> decoded) => decoded.Add(new TokenText(mixed(_tokens), Ends: true));

    protected override void Add(string token, List<TokenText> decoded) => _tokens = _tokens.Add(token);
}

/// <summary>Removes the blank in front of the first piece, which is the tokenizer's own.</summary>
internal sealed class FirstBlankDecoder() : EachTokenDecoder((token, isFirst) => isFirst ? Without(token) : token)
{
    /// <summary>A piece without the blank that it begins with.</summary>
    public static string Without(string piece) => piece.StartsWith(SentencePieceModel.Blank) ? piece[1..] : piece;
}

/// <summary>Decodes pieces with special tokens among them as T5's own tokenizer does (reference: tokenization_t5.py, convert_tokens_to_string).</summary>
/// <param name="model">The pieces.</param>
/// <param name="special">The special tokens.</param>
/// <param name="addsPrefix">Whether the blank in front is the tokenizer's own.</param>
internal sealed class T5Decoder(SentencePieceModel model, IReadOnlySet<string> special, bool addsPrefix)
{
    private readonly SentencePieceDecoder _pieces = new(model);

    public TokenDecoder Create() => new MixedDecoder(
        new SequenceDecoder([.. addsPrefix ? [new FirstBlankDecoder()] : (TokenDecoder[])[], _pieces, new StripDecoder(char.IsWhiteSpace, int.MaxValue, int.MaxValue)]),
        Mixed);

    private string Mixed(IReadOnlyList<string> tokens)
    {
        var text = new StringBuilder();
        List<string> stretch = [];
        bool afterSpecial = false;
        for (int i = 0; i < tokens.Count; i++)
        {
            string token = i == 0 && addsPrefix ? FirstBlankDecoder.Without(tokens[0]) : tokens[i];
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
        return text.Append(_pieces.Text(stretch)).ToString().Trim();
    }
}

/// <summary>Decodes pieces with special tokens among them as LLaMA's own tokenizer does (reference: tokenization_llama.py, convert_tokens_to_string).</summary>
/// <param name="model">The pieces.</param>
/// <param name="special">The special tokens.</param>
/// <param name="addsPrefix">Whether the blank in front is the tokenizer's own.</param>
/// <param name="legacy">Whether a blank is written before special tokens.</param>
internal sealed class LlamaDecoder(SentencePieceModel model, IReadOnlySet<string> special, bool addsPrefix, bool legacy)
{
    private readonly SentencePieceDecoder _pieces = new(model);

    public TokenDecoder Create() => new MixedDecoder(addsPrefix ? new SequenceDecoder(new FirstBlankDecoder(), _pieces) : _pieces, Mixed);

    private string Mixed(IReadOnlyList<string> tokens)
    {
        var text = new StringBuilder();
        List<string> stretch = [];
        bool afterSpecial = false;
        for (int i = 0; i < tokens.Count; i++)
        {
            string token = i == 0 && addsPrefix ? FirstBlankDecoder.Without(tokens[0]) : tokens[i];
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
        return text.Append(_pieces.Text(stretch)).ToString();
    }
}
