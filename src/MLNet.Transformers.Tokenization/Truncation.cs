namespace MLNet.Transformers.Tokenization;

/// <summary>How many tokens of each text stay (tokenizers: utils/truncation.rs).</summary>
internal static class Truncation
{
    /// <param name="first">Tokens of the first text.</param>
    /// <param name="second">Tokens of the second, or null.</param>
    /// <param name="room">Tokens that there is room for.</param>
    /// <param name="strategy">Which text is cut.</param>
    /// <exception cref="ArgumentException">The text that may be cut is shorter than what has to go.</exception>
    public static (int First, int Second) Keep(int first, int? second, int room, TruncationStrategy strategy)
    {
        int other = second ?? 0;
        int excess = first + other - room;
        if (excess <= 0)
        {
            return (first, other);
        }
        return strategy switch
        {
            TruncationStrategy.OnlyFirst => (Shorten(first, excess, "first"), other),
            TruncationStrategy.OnlySecond when second is not null => (first, Shorten(other, excess, "second")),
            TruncationStrategy.OnlySecond => throw new ArgumentException("Truncation is OnlySecond, but there is no second text."),
            _ => second is null ? (Math.Max(0, room), 0) : LongestFirst(first, other, room),
        };
    }

    /// <summary>Windows over a text that is too long: the first begins where nothing is cut, and each next where the one before leaves off.</summary>
    /// <param name="count">Tokens of the text.</param>
    /// <param name="room">Tokens that a window has room for.</param>
    /// <param name="stride">Tokens that two windows have in common.</param>
    /// <param name="side">The end that is cut.</param>
    public static IEnumerable<(int Start, int Length)> Windows(int count, int room, int stride, Side side)
    {
        int length = Math.Min(room, count);
        yield return (side == Side.Right ? 0 : count - length, length);
        for (int done = length; done < count; done += length - stride)
        {
            length = Math.Min(room, count - done + stride);
            yield return (side == Side.Right ? done - stride : count - done + stride - length, length);
        }
    }

    private static (int, int) LongestFirst(int first, int second, int room)
    {
        (int shorter, int longer) = first <= second ? (first, second) : (second, first);
        longer = shorter > room ? shorter : Math.Max(shorter, room - shorter);
        if (shorter + longer > room)
        {
            shorter = room / 2;
            longer = shorter + room % 2;
        }
        return first <= second ? (shorter, longer) : (longer, shorter);
    }

    private static int Shorten(int length, int excess, string which) => length > excess
        ? length - excess
        : throw new ArgumentException($"{excess} tokens have to go, but the {which} text, the only one that may be cut, has {length}. Use LongestFirst or a larger MaxTokens.");
}
