using System.Globalization;
using MLNet.Transformers.Tokenization.Unicode;

namespace MLNet.Transformers.Tokenization.Adapters;

/// <summary>
/// Where the units of a normalized text stand in the original, when only the two texts are known. Both are walked side by side: units that are the same
/// but for case, accent or the way a blank is written belong together; what one has more was put in or left out.
/// </summary>
internal sealed class NormalizedAlignment
{
    private const int Lookahead = 16;

    private readonly int[] _starts;
    private readonly int[] _ends;

    public NormalizedAlignment(ReadOnlySpan<char> original, ReadOnlySpan<char> normalized)
    {
        (_starts, _ends) = (new int[normalized.Length], new int[normalized.Length]);
        int at = 0;
        for (int i = 0; i < normalized.Length; i++)
        {
            int found = Find(original, at, normalized[i]);
            bool wasPutIn = found < 0 || (found > at && IsBlank(normalized[i]));
            _starts[i] = wasPutIn ? at : found;
            _ends[i] = wasPutIn ? at : found + 1;
            at = wasPutIn ? at : found + 1;
        }
    }

    /// <summary>The stretch of the original that a stretch of the normalized text stands for.</summary>
    public (int Start, int End) Original(int start, int end)
    {
        if (start >= end || start >= _starts.Length)
        {
            int place = start < _starts.Length ? _starts[start] : _ends.Length == 0 ? 0 : _ends[^1];
            return (place, place);
        }
        // A blank that was put in front has no place of its own.
        while (start + 1 < end && _starts[start] == _ends[start])
        {
            start++;
        }
        return (_starts[start], Math.Max(_starts[start], _ends[Math.Min(end, _ends.Length) - 1]));
    }

    private static int Find(ReadOnlySpan<char> original, int from, char unit)
    {
        int folded = Fold(unit);
        for (int at = from; at < original.Length && at < from + Lookahead; at++)
        {
            if (Fold(original[at]) == folded)
            {
                return at;
            }
        }
        return -1;
    }

    private static bool IsBlank(char unit) => Fold(unit) == ' ';

    private static int Fold(char unit)
    {
        if (unit is '\u2581' or '\u0120' || char.IsWhiteSpace(unit))
        {
            return ' ';
        }
        int first = char.IsSurrogate(unit) || char.GetUnicodeCategory(unit) == UnicodeCategory.NonSpacingMark ? unit : Decompositions.Of(unit, compatible: true)?[0] ?? unit;
        return first <= char.MaxValue ? char.ToLowerInvariant((char)first) : first;
    }
}
