namespace MLNet.Transformers.Evaluation;

/// <summary>
/// The edits of TER: before words are inserted, deleted and replaced, runs of words that the text and the reference share are moved, as long as a move
/// saves edits (Snover et al. 2006). Which runs are tried, and which move is taken, are tercom's rules as sacreBLEU 2.6.0 has them (lib_ter.py).
/// </summary>
internal sealed class WordShifts(int[] reference, int[] words)
{
    private const int LongestRun = 10;
    private const int FarthestMove = 50;
    private const int MostTried = 1000;

    private readonly WordEdits _edits = new(reference, words.Length);
    private int _tried;

    /// <summary>Moves and edits, in words.</summary>
    public int Count()
    {
        int[] text = words;
        int moves = 0;
        // The move that is found when too many were tried is not made.
        while (Best(text) is { } moved && _tried < MostTried)
        {
            text = moved;
            moves++;
        }
        return moves + _edits.Count(text);
    }

    // The text after the move that saves most, then the longest run, the earliest, and the earliest target; null where none saves anything.
    private int[]? Best(int[] text)
    {
        int before = _edits.Count(text);
        WordAlignment alignment = _edits.Alignment();
        (int Saved, int Length, int Start, int Target) best = (0, 0, 0, 0);
        foreach ((int start, int at, int length) in SharedRuns(text))
        {
            if (!alignment.Errors.AsSpan(start, length).Contains(true) || !alignment.ReferenceErrors.AsSpan(at, length).Contains(true)
                || (alignment.Places[at] >= start && alignment.Places[at] < start + length))
            {
                continue;
            }
            int last = -1;
            for (int place = at - 1; place < Math.Min(at + length, reference.Length); place++)
            {
                int target = place < 0 ? 0 : alignment.Places[place] + 1;
                if (target == last)
                {
                    continue;
                }
                last = target;
                _tried++;
                (int, int, int, int) candidate = (before - _edits.Count(Move(text, start, length, target)), length, -start, -target);
                best = candidate.CompareTo(best) > 0 ? candidate : best;
            }
            if (_tried >= MostTried)
            {
                break;
            }
        }
        return best.Saved > 0 ? Move(text, -best.Start, best.Length, -best.Target) : null;
    }

    private IEnumerable<(int Start, int At, int Length)> SharedRuns(int[] text)
    {
        for (int start = 0; start < text.Length; start++)
        {
            for (int at = Math.Max(0, start - FarthestMove); at < Math.Min(reference.Length, start + FarthestMove + 1); at++)
            {
                int longest = Math.Min(LongestRun, Math.Min(text.Length - start, reference.Length - at));
                for (int length = 1; length <= longest && text[start + length - 1] == reference[at + length - 1]; length++)
                {
                    yield return (start, at, length);
                }
            }
        }
    }

    // A target within the run moves it by as many words to the right.
    private static int[] Move(int[] text, int start, int length, int target)
    {
        int end = start + length;
        if (target < start)
        {
            return [.. text[..target], .. text[start..end], .. text[target..start], .. text[end..]];
        }
        int to = Math.Min(text.Length, target > end ? target : target + length);
        return [.. text[..start], .. text[end..to], .. text[start..end], .. text[to..]];
    }
}
