namespace MLNet.Transformers.Models.Generation;

/// <summary>The text of one sequence as it is written, up to a stop string. What could be the beginning of one waits until it is known not to be.</summary>
internal sealed class WrittenText(ITextDecoder decoder, StopStrings stopStrings)
{
    private string _waiting = "";

    /// <summary>Whether a stop string has been written.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>What can be said now that another token is there; may be empty.</summary>
    public string Add(int id)
    {
        _waiting += decoder.Add(id);
        if (!stopStrings.Any)
        {
            return Give(_waiting.Length);
        }
        // A stop string counts with the token that completes it, though a token behind it might still change the text.
        return StopsIn(_waiting + decoder.Copy().Finish()) ?? Give(_waiting.Length - stopStrings.Begun(_waiting));
    }

    /// <summary>What remains when no token follows.</summary>
    public string Finish()
    {
        _waiting += decoder.Finish();
        return StopsIn(_waiting) ?? Give(_waiting.Length);
    }

    /// <summary>The same text, to be continued in another way.</summary>
    public WrittenText Copy() => new(decoder.Copy(), stopStrings) { _waiting = _waiting, IsStopped = IsStopped };

    // The text up to a stop string in it; null: there is none.
    private string? StopsIn(string text)
    {
        if (IsStopped)
        {
            return "";
        }
        int at = stopStrings.Find(text);
        if (at < 0)
        {
            return null;
        }
        IsStopped = true;
        return text[..at];
    }

    private string Give(int length)
    {
        string text = _waiting[..length];
        _waiting = _waiting[length..];
        return text;
    }
}
