using MLNet.Transformers.Tokenization.Unicode;

namespace MLNet.Transformers.Tokenization.Patterns;

/// <summary>The sets that Oniguruma has names for: <c>\p{...}</c>, <c>[:...:]</c>, and <c>\d</c> and its like (kkos/oniguruma doc/UNICODE_PROPERTIES).</summary>
internal static class OnigurumaProperties
{
    private static readonly Dictionary<string, string> _categories = new()
    {
        ["letter"] = "L", ["casedletter"] = "LC", ["uppercaseletter"] = "Lu", ["lowercaseletter"] = "Ll", ["titlecaseletter"] = "Lt", ["modifierletter"] = "Lm", ["otherletter"] = "Lo",
        ["mark"] = "M", ["combiningmark"] = "M", ["nonspacingmark"] = "Mn", ["spacingmark"] = "Mc", ["enclosingmark"] = "Me", ["number"] = "N", ["decimalnumber"] = "Nd", ["digit"] = "Nd",
        ["letternumber"] = "Nl", ["othernumber"] = "No", ["punctuation"] = "P", ["punct"] = "P", ["connectorpunctuation"] = "Pc", ["dashpunctuation"] = "Pd", ["openpunctuation"] = "Ps",
        ["closepunctuation"] = "Pe", ["initialpunctuation"] = "Pi", ["finalpunctuation"] = "Pf", ["otherpunctuation"] = "Po", ["symbol"] = "S", ["mathsymbol"] = "Sm",
        ["currencysymbol"] = "Sc", ["modifiersymbol"] = "Sk", ["othersymbol"] = "So", ["separator"] = "Z", ["spaceseparator"] = "Zs", ["lineseparator"] = "Zl",
        ["paragraphseparator"] = "Zp", ["other"] = "C", ["control"] = "Cc", ["cntrl"] = "Cc", ["format"] = "Cf", ["privateuse"] = "Co", ["unassigned"] = "Cn",
    };

    private static readonly Dictionary<string, Func<CodePointSet>> _combined = new()
    {
        ["any"] = () => CodePointSet.All,
        ["assigned"] = () => Category("Cn").Not(),
        ["ascii"] = () => CodePointSet.Of(0, 0x7F),
        ["alphabetic"] = Alphabetic, ["alpha"] = Alphabetic,
        ["alnum"] = () => Alphabetic().Or(Category("Nd")),
        ["lowercase"] = Lowercase, ["lower"] = Lowercase,
        ["uppercase"] = Uppercase, ["upper"] = Uppercase,
        ["whitespace"] = WhiteSpace, ["space"] = WhiteSpace,
        ["blank"] = () => Category("Zs").Or(CodePointSet.Of('\t', '\t')),
        ["xdigit"] = () => UnicodeFile.Properties.Set("asciihexdigit")!,
        ["word"] = () => Word(isInClass: false),
        ["graph"] = Graph, ["print"] = () => Graph().Or(Category("Zs")),
        ["posixpunct"] = PosixPunctuation,
    };

    /// <summary>Reads \p{Name}, \P{Name}, or an escape such as \d that stands for a set; null where it is no such escape.</summary>
    public static CodePointSet? ReadEscape(string pattern, ref int at, bool isInClass)
    {
        char kind = pattern[at + 1];
        if (kind is 'p' or 'P')
        {
            return ReadProperty(pattern, ref at);
        }
        CodePointSet? set = char.ToLowerInvariant(kind) switch
        {
            'd' => Category("Nd"),
            's' => WhiteSpace(),
            'h' => UnicodeFile.Properties.Set("asciihexdigit"),
            'w' => Word(isInClass),
            _ => null,
        };
        at += set is null ? 0 : 2;
        return char.IsAsciiLetterUpper(kind) ? set?.Not() : set;
    }

    /// <summary>Reads [:name:] or [:^name:] within a class; null where it is neither.</summary>
    public static CodePointSet? ReadBracket(string pattern, ref int at)
    {
        int end = pattern.IndexOf(":]", at + 2, StringComparison.Ordinal);
        if (end < 0 || !pattern[(at + 2)..end].All(letter => letter == '^' || char.IsAsciiLetter(letter)))
        {
            return null;
        }
        string name = pattern[(at + 2)..end];
        at = end + 2;
        CodePointSet set = name.TrimStart('^') switch
        {
            // As a bracket it has symbols too.
            "punct" => PosixPunctuation(),
            "word" => Word(isInClass: true),
            var plain => Property(plain),
        };
        return name.StartsWith('^') ? set.Not() : set;
    }

    /// <summary>What <c>\w</c> matches; by itself, superscripts and fractions of Latin-1 too.</summary>
    public static CodePointSet Word(bool isInClass)
    {
        CodePointSet word = Alphabetic().Or(Category("M")).Or(Category("Nd")).Or(Category("Pc"));
        return isInClass ? word : word.Or(CodePointSet.Of([(0xB2, 0xB3), (0xB9, 0xB9), (0xBC, 0xBE)]));
    }

    // \p{Name}, \p{^Name} or \P{Name}.
    private static CodePointSet ReadProperty(string pattern, ref int at)
    {
        int end = pattern.IndexOf('}', at);
        if (end < at + 3 || pattern[at + 2] != '{')
        {
            throw new ArgumentException($"the pattern {pattern} has '{pattern[at..Math.Min(pattern.Length, at + 2)]}' without a name in braces");
        }
        bool caret = pattern[at + 3] == '^';
        bool negated = pattern[at + 1] == 'P' ^ caret;
        CodePointSet set = Property(pattern[(at + (caret ? 4 : 3))..end]);
        at = end + 1;
        return negated ? set.Not() : set;
    }

    // Oniguruma writes the names of properties in any case, with or without blanks, hyphens and underlines.
    private static CodePointSet Property(string name)
    {
        string plain = string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
        return GeneralCategories.Find(_categories.GetValueOrDefault(plain, plain))
            ?? _combined.GetValueOrDefault(plain)?.Invoke()
            ?? UnicodeFile.Properties.Set(plain)
            ?? throw new ArgumentException($"the character property '{name}' is not supported");
    }

    private static CodePointSet Category(string name) => GeneralCategories.Find(name)!;

    private static CodePointSet WhiteSpace() => Category("Z").Or(CodePointSet.Of([('\t', '\r'), (0x85, 0x85)]));

    private static CodePointSet Alphabetic() => Category("L").Or(Category("Nl")).Or(UnicodeFile.Properties.Set("-otheralphabetic")!);

    private static CodePointSet Lowercase() => Category("Ll").Or(UnicodeFile.Properties.Set("-otherlowercase")!);

    private static CodePointSet Uppercase() => Category("Lu").Or(UnicodeFile.Properties.Set("-otheruppercase")!);

    private static CodePointSet Graph() => WhiteSpace().Or(Category("Cc")).Or(Category("Cn")).Or(Category("Cs")).Not();

    private static CodePointSet PosixPunctuation() => Category("P").Or(Category("S"));
}
