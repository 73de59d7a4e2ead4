using System.Text;

namespace MLNet.Transformers.Tokenization.Patterns;

/// <summary>
/// Writes a regular expression of Oniguruma, in the Ruby-like syntax that the tokenizers library uses, as one of .NET that matches the same
/// (kkos/oniguruma doc/RE). It is meant for texts in which a character is one unit (<see cref="SearchedText"/>). Where case is ignored each character
/// is written as the set of those that are alike, so that .NET's own idea of case does not matter.
/// </summary>
internal sealed class Oniguruma
{
    private readonly string _pattern;
    private readonly PatternSets _sets = new();
    private readonly OnigurumaEscapes _escapes;
    private readonly StringBuilder _written = new();
    private readonly Stack<Group> _groups = new();
    private Group _group = new(0, IgnoreCase: false, Inline: 0);
    private int _at;

    // Where the thing begins that a quantifier would repeat; negative where there is none.
    private int _atom = -1;
    private bool _quantified;

    private Oniguruma(string pattern) => (_pattern, _escapes) = (pattern, new OnigurumaEscapes(pattern, _sets));

    /// <summary>The pattern in .NET's syntax, and what stands for characters beyond U+FFFF in it.</summary>
    /// <exception cref="ArgumentException">The pattern uses what has no counterpart; the message names it.</exception>
    public static (string Pattern, SupplementaryUnits Units) Translate(string pattern) => new Oniguruma(pattern).Run();

    private (string, SupplementaryUnits) Run()
    {
        while (_at < _pattern.Length)
        {
            Step(_pattern[_at]);
        }
        _written.Append(')', _group.Inline);
        return _groups.Count == 0 ? _sets.Complete(_written) : throw new ArgumentException($"the pattern {_pattern} has a '(' without ')'");
    }

    private void Step(char next)
    {
        switch (next)
        {
            case '\\':
                Atom(_escapes.Read(ref _at, _group.IgnoreCase));
                break;
            case '[':
                Atom(_sets.Write(new OnigurumaClass(_pattern, _group.IgnoreCase).Read(ref _at)));
                break;
            case '(':
                OpenGroup();
                break;
            case ')':
                CloseGroup();
                break;
            case '|':
                _at++;
                _written.Append('|');
                _atom = -1;
                break;
            case '^':
                _at++;
                // Lines begin behind line feeds, but not where the text ends with one.
                Atom(@"(?:\A|(?<=\n)(?!\z))");
                break;
            case '$':
                _at++;
                Atom(@"(?=\n|\z)");
                break;
            case '.':
                _at++;
                Atom(".");
                break;
            case '*' or '+' or '?' or '{' when _atom >= 0 && ReadQuantifier() is { } quantifier:
                Quantify(quantifier);
                break;
            default:
                Atom(_escapes.Literal(OnigurumaEscapes.CodePoint(_pattern, ref _at), _group.IgnoreCase));
                break;
        }
    }

    private void Atom(string written)
    {
        (_atom, _quantified) = (_written.Length, false);
        _written.Append(written);
    }

    private string? ReadQuantifier()
    {
        if (_pattern[_at] != '{')
        {
            return _pattern[_at++].ToString();
        }
        int end = _pattern.IndexOf('}', _at);
        string[] bounds = end < 0 ? [] : _pattern[(_at + 1)..end].Split(',');
        bool isQuantifier = bounds.Length is 1 or 2 && bounds.All(bound => bound.All(char.IsAsciiDigit)) && bounds.Any(bound => bound.Length > 0);
        if (!isQuantifier)
        {
            return null;
        }
        _at = end + 1;
        return bounds.Length == 1 ? $"{{{bounds[0]}}}" : $"{{{(bounds[0].Length == 0 ? "0" : bounds[0])},{bounds[1]}}}";
    }

    // A '+' behind *, + or ? means that nothing is given back; behind {n,m} it repeats once more.
    private void Quantify(string quantifier)
    {
        if (_quantified)
        {
            _written.Insert(_atom, "(?:").Append(')');
        }
        _quantified = true;
        _written.Append(quantifier);
        char following = _at < _pattern.Length ? _pattern[_at] : '\0';
        bool isFixed = quantifier[0] == '{' && !quantifier.Contains(',', StringComparison.Ordinal);
        if (following == '?' && !isFixed)
        {
            _at++;
            _written.Append('?');
        }
        else if (following == '+' && quantifier[0] != '{')
        {
            _at++;
            _written.Insert(_atom, "(?>").Append(')');
        }
    }

    private void OpenGroup()
    {
        ReadOnlySpan<char> rest = _pattern.AsSpan(_at);
        if (rest.StartsWith("(?#"))
        {
            int end = _pattern.IndexOf(')', _at);
            _at = end < 0 ? _pattern.Length : end + 1;
            return;
        }
        foreach (string opening in (string[])["(?:", "(?=", "(?!", "(?<=", "(?<!", "(?>"])
        {
            if (rest.StartsWith(opening))
            {
                Open(opening, _group.IgnoreCase);
                _at += opening.Length;
                return;
            }
        }
        if (!rest.StartsWith("(?"))
        {
            Open("(", _group.IgnoreCase);
            _at++;
            return;
        }
        if (rest.StartsWith("(?<") && rest.IndexOf('>') is var name and > 0)
        {
            Open(rest[..(name + 1)].ToString(), _group.IgnoreCase);
            _at += name + 1;
            return;
        }
        OpenOptions();
    }

    // (?i), which holds to the end of the group and alternatives included, and (?i:...).
    private void OpenOptions()
    {
        int end = _pattern.AsSpan(_at).IndexOfAny(':', ')') + _at;
        string options = end < _at ? _pattern[_at..] : _pattern[(_at + 2)..end];
        if (end < _at || !options.All(option => option is 'i' or 'm' or '-'))
        {
            throw new ArgumentException($"the group '(?{options}' is not supported");
        }
        int minus = options.IndexOf('-', StringComparison.Ordinal);
        int ignore = options.IndexOf('i', StringComparison.Ordinal);
        bool ignoreCase = ignore < 0 ? _group.IgnoreCase : minus < 0 || ignore < minus;
        string others = options.Replace("i", "", StringComparison.Ordinal).Replace('m', 's').TrimEnd('-');
        string opening = $"(?{others}:";
        if (_pattern[end] == ':')
        {
            Open(opening, ignoreCase);
        }
        else
        {
            _written.Append(opening);
            _group = _group with { IgnoreCase = ignoreCase, Inline = _group.Inline + 1 };
            _atom = -1;
        }
        _at = end + 1;
    }

    private void Open(string opening, bool ignoreCase)
    {
        _groups.Push(_group);
        _group = new Group(_written.Length, ignoreCase, Inline: 0);
        _written.Append(opening);
        _atom = -1;
    }

    private void CloseGroup()
    {
        if (_groups.Count == 0)
        {
            throw new ArgumentException($"the pattern {_pattern} has a ')' without '('");
        }
        _written.Append(')', _group.Inline + 1);
        (_atom, _quantified) = (_group.Start, false);
        _group = _groups.Pop();
        _at++;
    }

    /// <param name="Start">Where the group begins in what is written.</param>
    /// <param name="IgnoreCase">Whether case is ignored at the place that was reached.</param>
    /// <param name="Inline">Groups that (?i) and its like opened within it.</param>
    private sealed record Group(int Start, bool IgnoreCase, int Inline);
}
