namespace MLNet.Transformers.Tokenization.Decoders;

/// <summary>What one decoder hands to the next: a token, or a part of one.</summary>
/// <param name="Text">Its text.</param>
/// <param name="Ends">Whether the token is complete with it.</param>
internal readonly record struct TokenText(string Text, bool Ends);

/// <summary>
/// From tokens back to text, token by token: what is handed on is certain, and what a later token may still change is held back. The decoder of a
/// tokenizer has read nothing and stays so; each text is decoded by a copy of it.
/// </summary>
internal abstract class TokenDecoder
{
    /// <summary>A decoder of one text.</summary>
    /// <param name="specialTokens">Whether special tokens may be among those to come.</param>
    public virtual TokenDecoder Start(bool specialTokens) => Copy();

    /// <summary>A decoder that has read the same. What it holds must not be changed in place, as copies share it.</summary>
    public virtual TokenDecoder Copy() => (TokenDecoder)MemberwiseClone();

    /// <summary>Reads a token or a part of one, and adds what is certain now.</summary>
    public abstract void Add(TokenText token, List<TokenText> decoded);

    /// <summary>Adds what was held back, when no token follows.</summary>
    public virtual void Finish(List<TokenText> decoded)
    {
    }
}

/// <summary>A decoder that needs tokens as a whole.</summary>
internal abstract class WholeTokenDecoder : TokenDecoder
{
    private string _begun = "";

    public sealed override void Add(TokenText token, List<TokenText> decoded)
    {
        string text = _begun + token.Text;
        _begun = token.Ends ? "" : text;
        if (token.Ends)
        {
            Add(text, decoded);
        }
    }

    protected abstract void Add(string token, List<TokenText> decoded);
}

/// <summary>Changes each token by itself.</summary>
/// <param name="decode">The text of a token, which may be the first.</param>
internal abstract class EachTokenDecoder(Func<string, bool, string> decode) : WholeTokenDecoder
{
    private bool _isFirst = true;

    protected override void Add(string token, List<TokenText> decoded)
    {
        decoded.Add(new TokenText(decode(token, _isFirst), Ends: true));
        _isFirst = false;
    }
}

/// <summary>One after the other.</summary>
internal sealed class SequenceDecoder(params IReadOnlyList<TokenDecoder> parts) : TokenDecoder
{
    public override TokenDecoder Start(bool specialTokens) => new SequenceDecoder([.. parts.Select(part => part.Start(specialTokens))]);

    public override TokenDecoder Copy() => new SequenceDecoder([.. parts.Select(part => part.Copy())]);

    public override void Add(TokenText token, List<TokenText> decoded) => Pass([token], 0, decoded);

    public override void Finish(List<TokenText> decoded)
    {
        for (int i = 0; i < parts.Count; i++)
        {
            List<TokenText> rest = [];
            parts[i].Finish(rest);
            Pass(rest, i + 1, decoded);
        }
    }

    private void Pass(List<TokenText> tokens, int first, List<TokenText> decoded)
    {
        for (int i = first; i < parts.Count; i++)
        {
            List<TokenText> next = new(tokens.Count);
            foreach (TokenText token in tokens)
            {
                parts[i].Add(token, next);
            }
            tokens = next;
        }
        decoded.AddRange(tokens);
    }
}

/// <summary>Joins all tokens to one.</summary>
internal sealed class FuseDecoder : TokenDecoder
{
    public override void Add(TokenText token, List<TokenText> decoded) => decoded.Add(token with { Ends = false });

    public override void Finish(List<TokenText> decoded) => decoded.Add(new TokenText("", Ends: true));
}

/// <summary>Sets tokens apart with blanks: the text of a tokenizer that says nothing of decoding.</summary>
internal sealed class BlankDecoder() : EachTokenDecoder((token, isFirst) => isFirst ? token : " " + token);
