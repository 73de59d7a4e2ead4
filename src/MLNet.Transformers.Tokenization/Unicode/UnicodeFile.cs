using System.Globalization;

namespace MLNet.Transformers.Tokenization.Unicode;

/// <summary>Reads unicode-data.txt, which is part of the assembly: named sections of words, each a range of code points or a decomposition.</summary>
internal static class UnicodeFile
{
    private static readonly Lazy<Dictionary<string, string[]>> _sections = new(Read);

    /// <summary>The words of a section.</summary>
    public static string[] Section(string name) => _sections.Value[name];

    /// <summary>The code points of a word such as "300" or "300-314".</summary>
    public static IEnumerable<int> Range(string word)
    {
        int dash = word.IndexOf('-', StringComparison.Ordinal);
        int first = CodePoint(dash < 0 ? word : word[..dash]);
        return Enumerable.Range(first, dash < 0 ? 1 : CodePoint(word[(dash + 1)..]) - first + 1);
    }

    /// <summary>The parts of a word such as "C0=41+300".</summary>
    public static (int CodePoint, int[] Parts) Decomposition(string word)
    {
        int equals = word.IndexOf('=', StringComparison.Ordinal);
        return (CodePoint(word[..equals]), [.. word[(equals + 1)..].Split('+').Select(CodePoint)]);
    }

    private static int CodePoint(string hexadecimal) => int.Parse(hexadecimal, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static Dictionary<string, string[]> Read()
    {
        using Stream stream = typeof(UnicodeFile).Assembly.GetManifestResourceStream("unicode-data.txt")!;
        using var reader = new StreamReader(stream);
        var sections = new Dictionary<string, List<string>>();
        List<string> current = [];
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('@'))
            {
                sections[line[1..]] = current = [];
            }
            else if (!line.StartsWith('#'))
            {
                current.AddRange(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            }
        }
        return sections.ToDictionary(section => section.Key, section => section.Value.ToArray());
    }
}
