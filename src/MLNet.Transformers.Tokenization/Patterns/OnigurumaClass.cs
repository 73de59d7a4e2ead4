using MLNet.Transformers.Tokenization.Unicode;

namespace MLNet.Transformers.Tokenization.Patterns;

/// <summary>Classes of characters, <c>[...]</c>, which may hold classes and be cut with one another (<c>&amp;&amp;</c>).</summary>
internal sealed class OnigurumaClass(string pattern, bool ignoreCase)
{
    /// <summary>Reads a class from its bracket on. Where case is ignored, the whole of it is what characters in the other case are added to.</summary>
    public CodePointSet Read(ref int at)
    {
        CodePointSet set = ReadSets(ref at, out bool negated);
        set = ignoreCase ? CaseFolding.Close(set) : set;
        return negated ? set.Not() : set;
    }

    private CodePointSet ReadSets(ref int at, out bool negated)
    {
        at++;
        negated = at < pattern.Length && pattern[at] == '^';
        at += negated ? 1 : 0;
        CodePointSet all = CodePointSet.All;
        CodePointSet union = CodePointSet.Empty;
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
                (all, union) = (all.And(union), CodePointSet.Empty);
                continue;
            }
            union = union.Or(ReadItem(ref at));
        }
        return all.And(union);
    }

    private CodePointSet ReadItem(ref int at)
    {
        if (pattern[at] == '[')
        {
            return (pattern.AsSpan(at).StartsWith("[:") ? OnigurumaProperties.ReadBracket(pattern, ref at) : null) ?? ReadNested(ref at);
        }
        if (pattern[at] == '\\' && at + 1 < pattern.Length && OnigurumaProperties.ReadEscape(pattern, ref at, isInClass: true) is { } set)
        {
            return set;
        }
        return ReadRange(ref at);
    }

    private CodePointSet ReadNested(ref int at)
    {
        CodePointSet set = ReadSets(ref at, out bool negated);
        return negated ? set.Not() : set;
    }

    private CodePointSet ReadRange(ref int at)
    {
        int first = ReadCharacter(ref at);
        if (at + 1 >= pattern.Length || pattern[at] != '-' || pattern[at + 1] is ']' or '[')
        {
            return CodePointSet.Of(first, first);
        }
        at++;
        int last = ReadCharacter(ref at);
        return first <= last ? CodePointSet.Of(first, last) : throw new ArgumentException($"the pattern {pattern} has the range U+{first:X4} to U+{last:X4}, which is empty");
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
}
