namespace MLNet.Transformers.Models.Generation;

/// <summary>
/// Makes text of tokens as they come. A character whose bytes are spread over several tokens comes whole or not at all; what could be the beginning of
/// a stop string waits until it is known not to be one.
/// </summary>
/// <param name="decode">The text of token ids, U+FFFD standing for bytes that are no character yet.</param>
/// <param name="stopStrings">Texts that end it; they and what follows are left out.</param>
internal sealed class TextPieces(Func<IReadOnlyList<int>, string> decode, StopStrings stopStrings)
{
    private const char Incomplete = '\uFFFD';

    private readonly List<int> _tokens = [];
    private int _given;

    /// <summary>All that the tokens say, up to a stop string.</summary>
    public string Text => Cut(decode(_tokens));

    /// <summary>What can be said now that another token is there; may be empty.</summary>
    public string Add(int token)
    {
        _tokens.Add(token);
        string text = decode(_tokens);
        int stop = stopStrings.Find(text);
        return Give(text, stop >= 0 ? stop : Sure(text));
    }

    /// <summary>What remains when no token follows.</summary>
    public string Finish()
    {
        string text = Text;
        return Give(text, text.Length);
    }

    private string Cut(string text) => stopStrings.Find(text) is var stop and >= 0 ? text[..stop] : text;

    private int Sure(string text)
    {
        int end = text.Length - stopStrings.Begun(text);
        while (end > 0 && (text[end - 1] == Incomplete || char.IsHighSurrogate(text[end - 1])))
        {
            end--;
        }
        return end;
    }

    private string Give(string text, int end)
    {
        if (end <= _given)
        {
            return "";
        }
        string piece = text[_given..end];
        _given = end;
        return piece;
    }
}
