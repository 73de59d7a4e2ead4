namespace MLNet.Transformers.Models.Generation;

/// <summary>Texts that end generation, found in what tokens say together: a stop string may be spread over several tokens, or be a part of one.</summary>
internal sealed class StopStrings
{
    private readonly IReadOnlyList<string> _strings;
    private readonly Func<IReadOnlyList<int>, string>? _decode;

    /// <param name="strings">The texts; may be none.</param>
    /// <param name="decode">The text of token ids; needed where there are strings.</param>
    /// <exception cref="ArgumentException">There are stop strings and nothing to read tokens with.</exception>
    public StopStrings(IReadOnlyList<string> strings, Func<IReadOnlyList<int>, string>? decode)
    {
        if (strings.Count > 0 && decode is null)
        {
            throw new ArgumentException($"{nameof(GenerationOptions.StopStrings)} has {strings.Count} texts, but there is no decoder of tokens to find them with.");
        }
        (_strings, _decode) = (strings, decode);
    }

    /// <summary>Whether the text of some new tokens holds one of them.</summary>
    public bool AreIn(IReadOnlyList<int> tokens) => _strings.Count > 0 && Find(_decode!(tokens)) >= 0;

    /// <summary>Where the first of them begins in a text; negative: there is none.</summary>
    public int Find(string text) => _strings
        .Select(stop => text.IndexOf(stop, StringComparison.Ordinal)).Where(at => at >= 0).DefaultIfEmpty(-1).Min();

    /// <summary>How many characters at the end of a text could be the beginning of one of them.</summary>
    public int Begun(string text)
    {
        int most = 0;
        foreach (string stop in _strings)
        {
            for (int length = Math.Min(stop.Length - 1, text.Length); length > most; length--)
            {
                if (text.AsSpan(text.Length - length).SequenceEqual(stop.AsSpan(0, length)))
                {
                    most = length;
                }
            }
        }
        return most;
    }
}
