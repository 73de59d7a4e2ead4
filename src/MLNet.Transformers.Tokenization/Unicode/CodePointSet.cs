namespace MLNet.Transformers.Tokenization.Unicode;

/// <summary>A set of code points, kept as the places where it begins and ends again.</summary>
internal sealed class CodePointSet
{
    /// <summary>One more than the last code point.</summary>
    public const int End = 0x110000;

    // Where a range begins, where it ends (not included), where the next begins...
    private readonly int[] _bounds;

    private CodePointSet(int[] bounds) => _bounds = bounds;

    public static CodePointSet Empty { get; } = new([]);

    public static CodePointSet All { get; } = new([0, End]);

    public IReadOnlyList<int> Bounds => _bounds;

    /// <summary>First and last code point of each range, in their order.</summary>
    public IEnumerable<(int First, int Last)> Ranges => Enumerable.Range(0, _bounds.Length / 2).Select(i => (_bounds[2 * i], _bounds[2 * i + 1] - 1));

    public static CodePointSet Of(int first, int last) => last < first ? Empty : new([first, last + 1]);

    /// <param name="ranges">Ranges in their order, none of which overlaps another.</param>
    public static CodePointSet Of(IEnumerable<(int First, int Last)> ranges)
    {
        var bounds = new List<int>();
        foreach ((int first, int last) in ranges)
        {
            if (bounds.Count > 0 && bounds[^1] == first)
            {
                bounds[^1] = last + 1;
            }
            else
            {
                bounds.AddRange([first, last + 1]);
            }
        }
        return new CodePointSet([.. bounds]);
    }

    public bool Contains(int codePoint)
    {
        int place = Array.BinarySearch(_bounds, codePoint);
        return ((place >= 0 ? place + 1 : ~place) & 1) == 1;
    }

    public CodePointSet Or(CodePointSet other) => Combine(other, static (one, two) => one || two);

    public CodePointSet And(CodePointSet other) => Combine(other, static (one, two) => one && two);

    public CodePointSet Not() => Combine(All, static (one, all) => all && !one);

    // Both sets are walked from bound to bound.
    private CodePointSet Combine(CodePointSet other, Func<bool, bool, bool> belongs)
    {
        var bounds = new List<int>(_bounds.Length + other._bounds.Length);
        for (int i = 0, j = 0; i < _bounds.Length || j < other._bounds.Length;)
        {
            int at = Math.Min(i < _bounds.Length ? _bounds[i] : End, j < other._bounds.Length ? other._bounds[j] : End);
            i += i < _bounds.Length && _bounds[i] == at ? 1 : 0;
            j += j < other._bounds.Length && other._bounds[j] == at ? 1 : 0;
            if (belongs((i & 1) == 1, (j & 1) == 1) != ((bounds.Count & 1) == 1))
            {
                bounds.Add(at);
            }
        }
        return new CodePointSet([.. bounds]);
    }
}
