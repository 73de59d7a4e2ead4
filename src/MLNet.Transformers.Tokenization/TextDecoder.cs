using MLNet.Transformers.Tokenization.Decoders;

namespace MLNet.Transformers.Tokenization;

/// <summary>
/// The text of token ids as they come, made by <see cref="TextEncoder.StartDecoding"/>. What it gives is certain: bytes that are no character yet, a blank
/// that punctuation may take away and the like are held back until the tokens behind them decide. For one text and one thread.
/// </summary>
public sealed class TextDecoder
{
    private readonly TokenTable _table;
    private readonly bool _skipsSpecial;
    private readonly TokenDecoder _decoder;

    internal TextDecoder(TokenTable table, bool skipsSpecial, TokenDecoder decoder) => (_table, _skipsSpecial, _decoder) = (table, skipsSpecial, decoder);

    /// <summary>What can be said now that another token is there; may be empty.</summary>
    /// <param name="id">The token's id; an unknown one says nothing.</param>
    public string Add(int id)
    {
        if ((_skipsSpecial && _table.IsSpecial(id)) || _table.Token(id) is not { } token)
        {
            return "";
        }
        List<TokenText> decoded = [];
        _decoder.Add(new TokenText(token, Ends: true), decoded);
        return Text(decoded);
    }

    /// <summary>What remains to be said when no token follows. To be called once, at the end.</summary>
    public string Finish()
    {
        List<TokenText> decoded = [];
        _decoder.Finish(decoded);
        return Text(decoded);
    }

    /// <summary>A decoder that has read the same ids, and goes on by itself.</summary>
    public TextDecoder Copy() => new(_table, _skipsSpecial, _decoder.Copy());

    private static string Text(List<TokenText> decoded) => decoded is [var one] ? one.Text : string.Concat(decoded.Select(part => part.Text));
}
