using System.Text;

namespace MLNet.Transformers.Tokenization.Patterns;

/// <summary>
/// Classes of characters, <c>[...]</c>. Oniguruma's may hold classes and be cut with one another (<c>&amp;&amp;</c>); what .NET cannot say in one class
/// is written as alternatives and conditions.
/// </summary>
internal sealed class OnigurumaClass(string pattern, bool ignoreCase)
{
    /// <summary>Reads a class from its bracket on, and writes it for .NET.</summary>
    public string Read(ref int at)
    {
        at++;
        bool negated = at < pattern.Length && pattern[at] == '^';
        at += negated ? 1 : 0;
        var parts = new List<Union>();
        var union = new Union();
        for (bool first = true; ; first = false)
        {
            if (at >= pattern.Length)
            {
                throw new ArgumentException($"the pattern {pattern} has a '[' without ']'");
            }
            if (pattern[at] == ']' && !first)
            {
                at++;
                break;
            }
            if (pattern.AsSpan(at).StartsWith("&&"))
            {
                at += 2;
                parts.Add(union);
                union = new Union();
                continue;
            }
            ReadItem(union, ref at);
        }
        parts.Add(union);
        return Write(parts, negated);
    }

    private static string Write(List<Union> parts, bool negated)
    {
        if (parts is [{ Others.Count: 0, Items.Length: > 0 } one])
        {
            return $"[{(negated ? "^" : "")}{one.Items}]";
        }
        string all = string.Concat(parts.Take(parts.Count - 1).Select(part => $"(?={part.Write()})")) + parts[^1].Write();
        return negated ? $@"(?:(?!{all})[\s\S])" : $"(?:{all})";
    }

    private void ReadItem(Union union, ref int at)
    {
        if (pattern[at] == '[')
        {
            (string Items, bool Negated)? named = pattern.AsSpan(at).StartsWith("[:") ? OnigurumaProperties.ReadBracket(pattern, ref at) : null;
            if (named is { } bracket)
            {
                union.Add(bracket.Items, bracket.Negated);
            }
            else
            {
                union.Others.Add(Read(ref at));
            }
        }
        else if (pattern[at] == '\\' && ReadSet(ref at) is { } set)
        {
            union.Add(set.Items, set.Negated);
        }
        else
        {
            ReadRange(union, ref at);
        }
    }

    private (string Items, bool Negated)? ReadSet(ref int at)
    {
        char kind = at + 1 < pattern.Length ? pattern[at + 1] : '\\';
        if (kind is 'p' or 'P')
        {
            return OnigurumaProperties.Read(pattern, ref at);
        }
        (string, bool)? set = kind switch
        {
            'd' or 'D' or 's' or 'S' => ($@"\{kind}", false),
            'w' or 'W' => (OnigurumaEscapes.WordInClass, kind == 'W'),
            'h' or 'H' => (OnigurumaEscapes.Hexadecimal, kind == 'H'),
            _ => null,
        };
        at += set is null ? 0 : 2;
        return set;
    }

    private void ReadRange(Union union, ref int at)
    {
        int first = ReadCharacter(ref at);
        int last = first;
        if (at + 1 < pattern.Length && pattern[at] == '-' && pattern[at + 1] is not (']' or '['))
        {
            at++;
            last = ReadCharacter(ref at);
        }
        union.Items.Append(OnigurumaEscapes.Unit(first));
        if (last != first)
        {
            union.Items.Append('-').Append(OnigurumaEscapes.Unit(last));
        }
        if (ignoreCase && (first <= 's' && last >= 's' || first <= 'S' && last >= 'S'))
        {
            union.Items.Append(@"\u017F");
        }
    }

    private int ReadCharacter(ref int at)
    {
        if (pattern[at] != '\\')
        {
            return OnigurumaEscapes.CodePoint(pattern, ref at);
        }
        if (at + 1 < pattern.Length && pattern[at + 1] == 'b')
        {
            at += 2;
            return '\b';
        }
        return OnigurumaEscapes.EscapedCodePoint(pattern, ref at);
    }

    /// <summary>What belongs to a class: the inside of a class of .NET, and alternatives to it.</summary>
    private sealed class Union
    {
        public StringBuilder Items { get; } = new();

        public List<string> Others { get; } = [];

        public void Add(string items, bool negated)
        {
            if (negated)
            {
                Others.Add($"[^{items}]");
            }
            else
            {
                Items.Append(items);
            }
        }

        public string Write() => Others.Count == 0 ? $"[{Items}]" : $"(?:{string.Join('|', Items.Length == 0 ? Others : [$"[{Items}]", .. Others])})";
    }
}
