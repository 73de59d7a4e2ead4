using System.Text;

namespace MLNet.Transformers.Tests.Tokenization.Oracle;

/// <summary>Random texts that tokenizers stumble over: scripts mixed, marks without letters, runs of blanks, special tokens within words, words without end.</summary>
internal static class HostileTexts
{
    private static readonly string[] _fragments =
    [
        // Words, numbers and contractions.
        "the", "The", "HELLO", "unbelievable", "don't", "I'LL", "'s", "'S", "'\u017F", "we've", "x", "3.14", "1234567", "\u0663\u0664", "\u00BD", "\u00B2", "e.g.", "foo_bar", "http://a.b/c?d=e&f",
        // Other scripts, right to left among them.
        "Stra\u00DFe", "\u0130stanbul", "\u01C5", "\u0141\u00F3d\u017A", "\u4F60\u597D", "\u3042\u30AB\u30FC", "\uD55C\uAD6D\uC5B4", "\u0645\u0631\u062D\u0628\u0627", "\u05E9\u05C1\u05DC\u05D5\u05DD", "\u0928\u092E\u0938\u094D\u0924\u0947",
        "\u0E2A\u0E27\u0E31\u0E2A\u0E14\u0E35", "\u041F\u0440\u0438\u0432\u0435\u0442", "\u03A3\u03AF\u03C3\u03C5\u03C6\u03BF\u03C2", "\u1E9E", "\uFF21\uFF42\uFF11", "\uFB01", "\u2126", "\u212B", "\u3392", "\u2163",
        // Combining marks, alone and after letters.
        "e\u0301", "\u0301", "a\u0323\u0307", "\u0345", "\u20DD", "\u0F71\u0F72",
        // Beyond U+FFFF.
        "\U0001F600", "\U0001F44D\U0001F3FD", "\U0001F468\u200D\U0001F469\u200D\U0001F467", "\U0001F1E9\U0001F1EA", "\U00020000", "\U0001D6FC", "\U0001D7D8", "\U00010400\U00010428", "\U000104B0", "\U0001E900", "\U000E0001", "\U0010FFFD",
        // Blanks of all kinds.
        " ", "  ", "   ", "\t", "\n", "\r\n", "\r", "\n\n\n", "\u00A0", "\u3000", "\u2003", "\u2028", "\u0085", "\v", "\f", "          ",
        // What is not seen: controls, zero widths, marks of direction, variation selectors.
        "\0", "\u0001", "\u0007", "\u001B", "\u007F", "\u00AD", "\u200B", "\u200C", "\u200D", "\u200E", "\u202E", "\u2060", "\uFEFF", "\uFE0F", "\uFFFD", "\uFFFE", "\uE000", "\u0378",
        // Punctuation and symbols.
        ".", ",", "!?", "...", "\u2026", "--", "\u2014", "(", ")", "\"", "'", "`", "$", "\u20AC", "+", "=", "<", ">", "#", "@", "_", "\u2581", "\u0120", "\u3001", "\u3002", "\uFF01", "\u00BF", "\u201C", "\u201D", "\\n", "\u2192", "\u00A9", "\u2122",
    ];

    private static readonly (int First, int Last)[] _planes =
    [
        (0x20, 0x7E), (0x20, 0x7E), (0xA0, 0x24F), (0x250, 0x6FF), (0x700, 0x1FFF), (0x2000, 0x2BFF), (0x2C00, 0xD7FF), (0xE000, 0xFFFF), (0x10000, 0x1FFFF), (0x1F300, 0x1FAFF), (0x20000, 0x10FFFF),
    ];

    /// <summary>Texts of one seed.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="count">How many.</param>
    /// <param name="tokens">Added tokens of the tokenizer, to stand within texts.</param>
    public static IEnumerable<string> Make(int seed, int count, IReadOnlyList<string> tokens)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, count).Select(number => number % 100 == 99 ? Long(random) : Mixed(random, tokens));
    }

    private static string Mixed(Random random, IReadOnlyList<string> tokens)
    {
        var text = new StringBuilder();
        double blanks = random.NextDouble();
        for (int length = random.Next(1, 16); length > 0; length--)
        {
            text.Append(random.Next(10) switch
            {
                0 when tokens.Count > 0 => Change(tokens[random.Next(tokens.Count)], random),
                1 or 2 => Any(random),
                _ => _fragments[random.Next(_fragments.Length)],
            });
            text.Append(random.NextDouble() < blanks ? " " : "");
        }
        return text.ToString();
    }

    // As it is, in another case, or cut short.
    private static string Change(string token, Random random) => random.Next(6) switch
    {
        0 => token.ToUpperInvariant(),
        1 => token.ToLowerInvariant(),
        2 => token[..^1],
        _ => token,
    };

    private static string Any(Random random)
    {
        (int first, int last) = _planes[random.Next(_planes.Length)];
        int codePoint = random.Next(first, last + 1);
        return Rune.IsValid(codePoint) ? new Rune(codePoint).ToString() : "";
    }

    // A word or a run that is longer than any limit of a tokenizer.
    private static string Long(Random random)
    {
        string fragment = _fragments[random.Next(_fragments.Length)];
        string between = random.Next(3) == 0 ? " " : "";
        return string.Join(between, Enumerable.Repeat(fragment, random.Next(100, 600)));
    }
}
