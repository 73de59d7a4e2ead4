namespace MLNet.Transformers.Models.Generation;

/// <summary>Texts that end generation when they are written; they and what follows are left out of it.</summary>
internal sealed class StopStrings(IReadOnlyList<string> strings)
{
    public bool Any => strings.Count > 0;

    /// <summary>Where the first of them begins in a text; negative: there is none.</summary>
    public int Find(string text) => strings
        .Select(stop => text.IndexOf(stop, StringComparison.Ordinal)).Where(at => at >= 0).DefaultIfEmpty(-1).Min();

    /// <summary>How many characters at the end of a text could be the beginning of one of them.</summary>
    public int Begun(string text)
    {
        int most = 0;
        foreach (string stop in strings)
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
