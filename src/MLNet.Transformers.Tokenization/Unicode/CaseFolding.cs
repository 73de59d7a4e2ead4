using System.Text;

namespace MLNet.Transformers.Tokenization.Unicode;

/// <summary>Characters that are the same where case is ignored, one character for one.</summary>
internal static class CaseFolding
{
    // Cased letters lie below; looking further would cost time.
    private const int End = 0x20000;

    private static readonly Lazy<Dictionary<int, int[]>> _alike = new(Read);

    /// <summary>A set with what its characters are in the other case.</summary>
    public static CodePointSet Close(CodePointSet set)
    {
        var added = new List<int>();
        foreach ((int codePoint, int[] alike) in _alike.Value)
        {
            if (set.Contains(codePoint))
            {
                added.AddRange(alike);
            }
        }
        return set.Or(CodePointSet.Of(added.Distinct().Order().Select(codePoint => (codePoint, codePoint))));
    }

    private static Dictionary<int, int[]> Read() => Enumerable.Range(0, End).Where(Rune.IsValid).GroupBy(Fold).Where(group => group.Skip(1).Any())
        .SelectMany(group => group.Select(codePoint => (codePoint, alike: group.ToArray()))).ToDictionary(item => item.codePoint, item => item.alike);

    private static int Fold(int codePoint) => codePoint switch
    {
        // The runtime leaves these two alone: their other case is ASCII.
        0x17F => 's',
        0x212A => 'k',
        // The dotted and the dotless i stay what they are.
        0x130 or 0x131 => codePoint,
        _ => Rune.ToLowerInvariant(Rune.ToUpperInvariant(new Rune(codePoint))).Value,
    };
}
