namespace MLNet.Transformers.Tokenization.Patterns;

/// <summary>Properties of characters, <c>\p{...}</c> and <c>[:...:]</c>, as the inside of a class of .NET.</summary>
internal static class OnigurumaProperties
{
    private const string Han = @"\u2E80-\u2E99\u2E9B-\u2EF3\u2F00-\u2FD5\u3005\u3007\u3021-\u3029\u3038-\u303B\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFA6D\uFA70-\uFAD9";
    private const string Graph = @"\p{L}\p{M}\p{N}\p{P}\p{S}\p{Cf}\p{Co}";

    private static readonly string[] _categories =
    [
        "L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "S", "Sm", "Sc", "Sk", "So",
        "Z", "Zs", "Zl", "Zp", "Cc", "Cf", "Co", "Cn",
    ];

    // Oniguruma writes the names of properties in any case, with or without blanks, hyphens and underlines.
    private static readonly Dictionary<string, string> _properties = new()
    {
        ["letter"] = @"\p{L}", ["uppercaseletter"] = @"\p{Lu}", ["lowercaseletter"] = @"\p{Ll}", ["titlecaseletter"] = @"\p{Lt}", ["modifierletter"] = @"\p{Lm}",
        ["otherletter"] = @"\p{Lo}", ["mark"] = @"\p{M}", ["nonspacingmark"] = @"\p{Mn}", ["spacingmark"] = @"\p{Mc}", ["enclosingmark"] = @"\p{Me}",
        ["number"] = @"\p{N}", ["decimalnumber"] = @"\p{Nd}", ["letternumber"] = @"\p{Nl}", ["othernumber"] = @"\p{No}", ["punctuation"] = @"\p{P}",
        ["connectorpunctuation"] = @"\p{Pc}", ["dashpunctuation"] = @"\p{Pd}", ["openpunctuation"] = @"\p{Ps}", ["closepunctuation"] = @"\p{Pe}",
        ["initialpunctuation"] = @"\p{Pi}", ["finalpunctuation"] = @"\p{Pf}", ["otherpunctuation"] = @"\p{Po}", ["symbol"] = @"\p{S}", ["mathsymbol"] = @"\p{Sm}",
        ["currencysymbol"] = @"\p{Sc}", ["modifiersymbol"] = @"\p{Sk}", ["othersymbol"] = @"\p{So}", ["separator"] = @"\p{Z}", ["spaceseparator"] = @"\p{Zs}",
        ["lineseparator"] = @"\p{Zl}", ["paragraphseparator"] = @"\p{Zp}", ["control"] = @"\p{Cc}", ["format"] = @"\p{Cf}", ["privateuse"] = @"\p{Co}",
        ["unassigned"] = @"\p{Cn}", ["any"] = @"\s\S", ["han"] = Han, ["punct"] = @"\p{P}", ["space"] = @"\s", ["whitespace"] = @"\s", ["digit"] = @"\d",
        ["xdigit"] = OnigurumaEscapes.Hexadecimal, ["cntrl"] = @"\p{Cc}", ["ascii"] = @"\u0000-\u007F", ["blank"] = @"\p{Zs}\t", ["word"] = OnigurumaEscapes.WordInClass,
        ["graph"] = Graph, ["print"] = Graph + @"\p{Zs}",
    };

    /// <summary>Reads \p{Name}, \p{^Name} or \P{Name}: what is inside a class, and whether all but that is meant.</summary>
    public static (string Items, bool Negated) Read(string pattern, ref int at)
    {
        int end = pattern.IndexOf('}', at);
        if (end < at + 3 || pattern[at + 2] != '{')
        {
            throw new ArgumentException($"the pattern {pattern} has '{pattern[at..Math.Min(pattern.Length, at + 2)]}' without a name in braces");
        }
        bool caret = pattern[at + 3] == '^';
        bool negated = pattern[at + 1] == 'P' ^ caret;
        string name = pattern[(at + (caret ? 4 : 3))..end];
        at = end + 1;
        return (Property(name), negated);
    }

    /// <summary>Reads [:name:] or [:^name:] within a class.</summary>
    public static (string Items, bool Negated)? ReadBracket(string pattern, ref int at)
    {
        int end = pattern.IndexOf(":]", at + 2, StringComparison.Ordinal);
        if (end < 0 || !pattern[(at + 2)..end].All(letter => letter == '^' || char.IsAsciiLetter(letter)))
        {
            return null;
        }
        string name = pattern[(at + 2)..end];
        at = end + 2;
        bool negated = name.StartsWith('^');
        name = name.TrimStart('^');
        // As a bracket it has symbols too.
        return (name == "punct" ? @"\p{P}\p{S}" : Property(name), negated);
    }

    private static string Property(string name)
    {
        string plain = string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
        string? category = _categories.FirstOrDefault(category => category.Equals(plain, StringComparison.OrdinalIgnoreCase));
        return category is not null ? $@"\p{{{category}}}"
            : _properties.TryGetValue(plain, out string? items) ? items
            : throw new ArgumentException($"the character property '{name}' is not supported");
    }
}
