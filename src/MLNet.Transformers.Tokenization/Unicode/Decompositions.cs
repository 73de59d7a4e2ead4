namespace MLNet.Transformers.Tokenization.Unicode;

/// <summary>What characters consist of, and what they compose to (UAX #15; facts of unicode-data.txt, Hangul by the algorithm of the standard's §3.12).</summary>
internal static class Decompositions
{
    private const int HangulFirst = 0xAC00;
    private const int LeadingFirst = 0x1100;
    private const int VowelFirst = 0x1161;
    private const int TrailingFirst = 0x11A7;
    private const int Leadings = 19;
    private const int Vowels = 21;
    private const int Trailings = 28;
    private const int Syllables = Leadings * Vowels * Trailings;

    private static readonly CodePointTable _classes = ReadClasses();
    private static readonly Dictionary<int, int[]> _oneStep = Read("canonical");
    private static readonly Dictionary<int, int[]> _canonical = Complete(_oneStep);
    private static readonly Lazy<Dictionary<int, int[]>> _compatible = new(() => Complete(_oneStep.Concat(Read("compatibility")).ToDictionary()));
    private static readonly Lazy<Dictionary<(int, int), int>> _pairs = new(ReadPairs);

    /// <summary>The canonical combining class: marks of different classes may change places.</summary>
    public static int CombiningClass(int codePoint) => _classes[codePoint];

    /// <summary>What a character consists of in the end; null where it is all of it.</summary>
    public static int[]? Of(int codePoint, bool compatible)
    {
        int syllable = codePoint - HangulFirst;
        if (syllable is >= 0 and < Syllables)
        {
            return Hangul(syllable);
        }
        return (compatible ? _compatible.Value : _canonical).GetValueOrDefault(codePoint);
    }

    /// <summary>The character that two compose to; null where they do not.</summary>
    public static int? Compose(int first, int second)
    {
        (int leading, int vowel) = (first - LeadingFirst, second - VowelFirst);
        if (leading is >= 0 and < Leadings && vowel is >= 0 and < Vowels)
        {
            return HangulFirst + (leading * Vowels + vowel) * Trailings;
        }
        (int syllable, int trailing) = (first - HangulFirst, second - TrailingFirst);
        if (syllable is >= 0 and < Syllables && syllable % Trailings == 0 && trailing is > 0 and < Trailings)
        {
            return first + trailing;
        }
        return _pairs.Value.TryGetValue((first, second), out int composed) ? composed : null;
    }

    private static int[] Hangul(int syllable)
    {
        int leading = LeadingFirst + syllable / (Vowels * Trailings);
        int vowel = VowelFirst + syllable % (Vowels * Trailings) / Trailings;
        int trailing = syllable % Trailings;
        return trailing == 0 ? [leading, vowel] : [leading, vowel, TrailingFirst + trailing];
    }

    private static CodePointTable ReadClasses()
    {
        var classes = new CodePointTable();
        int current = 0;
        foreach (string word in UnicodeFile.Data.Section("classes"))
        {
            if (word.EndsWith(':'))
            {
                current = int.Parse(word[..^1], System.Globalization.CultureInfo.InvariantCulture);
                continue;
            }
            foreach (int codePoint in UnicodeFile.Range(word))
            {
                classes.Add(codePoint, current);
            }
        }
        return classes;
    }

    private static Dictionary<int, int[]> Read(string section) =>
        UnicodeFile.Data.Section(section).Select(UnicodeFile.Decomposition).ToDictionary(item => item.CodePoint, item => item.Parts);

    // Repeats one step until nothing more comes apart.
    private static Dictionary<int, int[]> Complete(Dictionary<int, int[]> steps)
    {
        return steps.ToDictionary(item => item.Key, item => item.Value.SelectMany(Apart).ToArray());

        IEnumerable<int> Apart(int codePoint) => steps.TryGetValue(codePoint, out int[]? parts) ? parts.SelectMany(Apart) : [codePoint];
    }

    private static Dictionary<(int, int), int> ReadPairs()
    {
        HashSet<int> excluded = [.. UnicodeFile.Data.Section("excluded").SelectMany(UnicodeFile.Range)];
        return _oneStep.Where(item => item.Value.Length == 2 && !excluded.Contains(item.Key)).ToDictionary(item => (item.Value[0], item.Value[1]), item => item.Key);
    }
}
