using System.Globalization;

namespace MLNet.Transformers.Tokenization.Unicode;

/// <summary>Reads a file of character data that is part of the assembly: named sections of words, each a range of code points or a decomposition.</summary>
internal sealed class UnicodeFile
{
    private readonly Lazy<Dictionary<string, string[]>> _sections;

    private UnicodeFile(string name) => _sections = new(() => Read(name));

    /// <summary>What normalizers and BERT's classes of characters need.</summary>
    public static UnicodeFile Data { get; } = new("unicode-data.txt");

    /// <summary>What regular expressions name.</summary>
    public static UnicodeFile Properties { get; } = new("unicode-properties.txt");

    /// <summary>The names of all sections.</summary>
    public IEnumerable<string> Names => _sections.Value.Keys;

    /// <summary>The words of a section.</summary>
    public string[] Section(string name) => _sections.Value[name];

    /// <summary>The code points of a section of ranges; null where there is no such section.</summary>
    public CodePointSet? Set(string name) => _sections.Value.TryGetValue(name, out string[]? words) ? CodePointSet.Of(words.Select(Ends)) : null;

    /// <summary>The code points of a word such as "300" or "300-314".</summary>
    public static IEnumerable<int> Range(string word)
    {
        (int first, int last) = Ends(word);
        return Enumerable.Range(first, last - first + 1);
    }

    /// <summary>The parts of a word such as "C0=41+300".</summary>
    public static (int CodePoint, int[] Parts) Decomposition(string word)
    {
        int equals = word.IndexOf('=', StringComparison.Ordinal);
        return (CodePoint(word[..equals]), [.. word[(equals + 1)..].Split('+').Select(CodePoint)]);
    }

    private static (int First, int Last) Ends(string word)
    {
        int dash = word.IndexOf('-', StringComparison.Ordinal);
        return dash < 0 ? (CodePoint(word), CodePoint(word)) : (CodePoint(word[..dash]), CodePoint(word[(dash + 1)..]));
    }

    private static int CodePoint(string hexadecimal) => int.Parse(hexadecimal, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static Dictionary<string, string[]> Read(string name)
    {
        using Stream stream = typeof(UnicodeFile).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        var sections = new Dictionary<string, List<string>>();
        List<string> current = [];
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('@'))
            {
                current = [];
                foreach (string section in line[1..].Split(' '))
                {
                    sections[section] = current;
                }
            }
            else if (!line.StartsWith('#'))
            {
                current.AddRange(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            }
        }
        return sections.ToDictionary(section => section.Key, section => section.Value.ToArray());
    }
}
