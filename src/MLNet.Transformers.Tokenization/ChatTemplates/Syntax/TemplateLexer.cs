using MLNet.Transformers.Tokenization.ChatTemplates.Values;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Syntax;

/// <summary>
/// Cuts a template into tokens. White space around tags goes as in the reference's environment (trim_blocks and lstrip_blocks): the line end behind a
/// block or comment, and blanks before one that begins its line; - takes all white space, + none.
/// </summary>
internal sealed class TemplateLexer
{
    private readonly Source _source;
    private readonly List<Token> _tokens = [];

    // Whether what was read last ended with a line end.
    private bool _lineStarts = true;

    private TemplateLexer(string template)
    {
        _source = new Source(template);
    }

    public static IReadOnlyList<Token> Read(string template)
    {
        var lexer = new TemplateLexer(template);
        lexer.ReadAll();
        return lexer._tokens;
    }

    private void ReadAll()
    {
        while (!_source.AtEnd)
        {
            int tag = NextTag();
            if (tag < 0)
            {
                AddData(_source.ReadTo(_source.Text.Length), _source.Line);
                break;
            }
            ReadDataBefore(tag, isVariable: _source.Text[tag + 1] == '{');
            if (_source.Peek(1) == '#')
            {
                ReadComment();
            }
            else if (_source.Peek(1) == '%' && RawBodyStart() is { } body)
            {
                ReadRaw(body);
            }
            else
            {
                ReadTag(_source.Peek(1) == '{');
            }
        }
        _tokens.Add(new Token(TokenKind.End, "", _source.Line));
    }

    private int NextTag()
    {
        for (int at = _source.Position; (at = _source.Text.IndexOf('{', at)) >= 0 && at + 1 < _source.Text.Length; at++)
        {
            if (_source.Text[at + 1] is '{' or '%' or '#')
            {
                return at;
            }
        }
        return -1;
    }

    private void ReadDataBefore(int tag, bool isVariable)
    {
        int line = _source.Line;
        string text = _source.ReadTo(tag);
        AddData(Strip(text, _source.Peek(2), isVariable), line);
    }

    private string Strip(string text, char sign, bool isVariable)
    {
        if (sign == '-')
        {
            return text[..TrimmedLength(text, 0)];
        }
        if (sign == '+' || isVariable)
        {
            return text;
        }
        int lineStart = text.LastIndexOf('\n') + 1;
        return (lineStart > 0 || _lineStarts) && TrimmedLength(text, lineStart) == lineStart ? text[..lineStart] : text;
    }

    private static int TrimmedLength(string text, int from)
    {
        int length = text.Length;
        while (length > from && Texts.IsSpace(text[length - 1]))
        {
            length--;
        }
        return length;
    }

    private void AddData(string text, int line)
    {
        if (text.Length > 0)
        {
            _tokens.Add(new Token(TokenKind.Data, text, line));
        }
    }

    private void ReadComment()
    {
        int end = _source.Text.IndexOf("#}", _source.Position + 2, StringComparison.Ordinal);
        if (end < 0)
        {
            throw _source.Error("a comment '{#' has no end '#}'");
        }
        char sign = end > _source.Position + 2 ? _source.Text[end - 1] : '\0';
        ReadEnd(end + 2, sign);
    }

    // Goes on behind the end of a tag, with the white space that goes with it.
    private void ReadEnd(int end, char sign)
    {
        int to = sign == '-' ? _source.SkipSpace(end) : sign != '+' && end < _source.Text.Length && _source.Text[end] == '\n' ? end + 1 : end;
        string read = _source.ReadTo(to);
        _lineStarts = read.EndsWith('\n');
    }

    private void ReadTag(bool isVariable)
    {
        _tokens.Add(new Token(isVariable ? TokenKind.VariableBegin : TokenKind.BlockBegin, "", _source.Line));
        _source.Read(_source.Peek(2) is '-' or '+' ? 3 : 2);
        var brackets = new Stack<char>();
        while (true)
        {
            if (brackets.Count == 0 && TryReadTagEnd(isVariable))
            {
                return;
            }
            int next = _source.SkipSpace(_source.Position);
            if (next > _source.Position)
            {
                _source.ReadTo(next);
                continue;
            }
            if (_source.AtEnd)
            {
                throw _source.Error($"a tag has no end '{(isVariable ? "}}" : "%}")}'");
            }
            _tokens.Add(TokenReader.Read(_source, brackets));
        }
    }

    private bool TryReadTagEnd(bool isVariable)
    {
        string end = isVariable ? "}}" : "%}";
        // + is no sign of white space at the end of a variable.
        char sign = _source.Peek() == '-' || (_source.Peek() == '+' && !isVariable) ? _source.Peek() : '\0';
        int signLength = sign == '\0' ? 0 : 1;
        if (!_source.StartsWith(end, signLength))
        {
            return false;
        }
        _tokens.Add(new Token(isVariable ? TokenKind.VariableEnd : TokenKind.BlockEnd, "", _source.Line));
        // Behind a variable the line end stays.
        ReadEnd(_source.Position + signLength + 2, isVariable && sign == '\0' ? '+' : sign);
        return true;
    }

    // Where the text of a raw block begins, if there is one here.
    private int? RawBodyStart()
    {
        int at = _source.SkipSpace(_source.Position + (_source.Peek(2) is '-' or '+' ? 3 : 2));
        if (!_source.StartsWith("raw", at - _source.Position))
        {
            return null;
        }
        at = _source.SkipSpace(at + 3);
        bool strips = _source.StartsWith("-%}", at - _source.Position);
        return strips ? _source.SkipSpace(at + 3) : _source.StartsWith("%}", at - _source.Position) ? at + 2 : null;
    }

    private void ReadRaw(int bodyStart)
    {
        _source.ReadTo(bodyStart);
        _lineStarts = _source.Text[bodyStart - 1] == '\n';
        for (int at = bodyStart; (at = _source.Text.IndexOf("{%", at, StringComparison.Ordinal)) >= 0; at += 2)
        {
            char sign = at + 2 < _source.Text.Length ? _source.Text[at + 2] : '\0';
            int word = _source.SkipSpace(at + (sign is '-' or '+' ? 3 : 2));
            if (!_source.Text.AsSpan(word).StartsWith("endraw"))
            {
                continue;
            }
            int end = _source.SkipSpace(word + 6);
            char endSign = end < _source.Text.Length && _source.Text[end] is '-' or '+' ? _source.Text[end] : '\0';
            end += endSign == '\0' ? 0 : 1;
            if (_source.Text.AsSpan(Math.Min(end, _source.Text.Length)).StartsWith("%}"))
            {
                ReadDataBefore(at, isVariable: false);
                ReadEnd(end + 2, endSign);
                return;
            }
        }
        throw _source.Error("a block '{% raw %}' has no end '{% endraw %}'");
    }
}
