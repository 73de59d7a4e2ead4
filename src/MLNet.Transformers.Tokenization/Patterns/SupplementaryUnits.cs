using MLNet.Transformers.Tokenization.Unicode;

namespace MLNet.Transformers.Tokenization.Patterns;

/// <summary>
/// .NET's regular expressions match UTF-16 units, of which a character beyond U+FFFF has two. Here one unit stands for it, in the pattern and in the
/// texts that are searched: characters that no set of the pattern tells apart share one. The units are surrogates, which texts do not have otherwise.
/// </summary>
internal sealed class SupplementaryUnits
{
    private const int FirstBeyond = 0x10000;
    private const char FirstUnit = '\uD800';
    private const int MostUnits = 0x800;

    // Where stretches of characters that share a unit begin, and their units.
    private readonly int[] _starts;
    private readonly char[] _units;

    /// <param name="sets">The sets of the pattern.</param>
    /// <exception cref="ArgumentException">They tell too many characters apart.</exception>
    public SupplementaryUnits(IReadOnlyList<CodePointSet> sets)
    {
        _starts = [.. sets.SelectMany(set => set.Bounds).Where(bound => bound is > FirstBeyond and < CodePointSet.End).Append(FirstBeyond).Distinct().Order()];
        var unitOf = new Dictionary<string, char>(StringComparer.Ordinal);
        _units = Array.ConvertAll(_starts, start =>
        {
            string belongsTo = string.Concat(sets.Select(set => set.Contains(start) ? '1' : '0'));
            if (!unitOf.TryGetValue(belongsTo, out char unit))
            {
                unitOf[belongsTo] = unit = (char)(FirstUnit + unitOf.Count);
            }
            return unit;
        });
        if (unitOf.Count > MostUnits)
        {
            throw new ArgumentException($"the pattern tells {unitOf.Count} kinds of characters beyond U+FFFF apart; at most {MostUnits} are supported");
        }
    }

    /// <summary>The unit that stands for a character beyond U+FFFF.</summary>
    public char UnitOf(int codePoint)
    {
        int place = Array.BinarySearch(_starts, codePoint);
        return _units[place >= 0 ? place : ~place - 1];
    }

    /// <summary>A set as a class of .NET.</summary>
    public string Class(CodePointSet set)
    {
        CodePointSet beyond = CodePointSet.Of(_starts.Zip(_units).Where(item => set.Contains(item.First)).Select(item => (int)item.Second).Distinct().Order()
            .Select(unit => (unit, unit)));
        CodePointSet units = set.And(CodePointSet.Of([(0, FirstUnit - 1), (FirstUnit + MostUnits, FirstBeyond - 1)])).Or(beyond);
        string ranges = string.Concat(units.Ranges.Select(range => range.First == range.Last ? Unit(range.First) : $"{Unit(range.First)}-{Unit(range.Last)}"));
        // A class must not be empty.
        return ranges.Length == 0 ? "(?!)" : $"[{ranges}]";
    }

    /// <summary>A unit as patterns of .NET write it.</summary>
    public static string Unit(int unit) =>
        char.IsAsciiLetterOrDigit((char)unit) ? ((char)unit).ToString() : string.Create(System.Globalization.CultureInfo.InvariantCulture, $@"\u{unit:X4}");
}
