using MLNet.Transformers.Tokenization.ChatTemplates.Tree;
using MLNet.Transformers.Tokenization.ChatTemplates.Values;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Syntax;

/// <summary>Reads a template to the tree that is rendered.</summary>
internal sealed class StatementParser
{
    private const string Known = "break, continue, filter, for, generation, if, macro, raw, set, with";

    // What Jinja gives to macros besides their parameters.
    private static readonly string[] _macroNames = ["varargs", "kwargs", "caller"];

    private readonly TokenStream _tokens;
    private readonly ExpressionParser _expressions;
    private readonly PostfixParser _postfix;
    private readonly TargetParser _targets;
    private int _loops;

    private StatementParser(TokenStream tokens)
    {
        _tokens = tokens;
        _expressions = new ExpressionParser(tokens);
        _postfix = new PostfixParser(tokens);
        _targets = new TargetParser(tokens);
    }

    public static Body Read(string template)
    {
        var parser = new StatementParser(new TokenStream(TemplateLexer.Read(template)));
        return parser.ReadBody("", 1);
    }

    // Up to one of the ends, whose name is left to be read; none: up to the end of the template.
    private Body ReadBody(string statement, int line, params ReadOnlySpan<string> ends)
    {
        var statements = new List<Statement>();
        while (true)
        {
            Token token = _tokens.Current;
            switch (token.Kind)
            {
                case TokenKind.End when ends.Length == 0:
                    return new Body(statements);
                case TokenKind.End:
                    throw new TemplateError($"the '{statement}' of line {line} has no '{ends[^1]}'", token.Line);
                case TokenKind.Data:
                    statements.Add(new TextStatement(token.Line, _tokens.Next().Text));
                    break;
                case TokenKind.VariableBegin:
                    _tokens.Next();
                    statements.Add(new PrintStatement(token.Line, _expressions.ReadTuple()));
                    _tokens.Expect(TokenKind.VariableEnd, "'}}'");
                    break;
                default:
                    _tokens.Next();
                    if (_tokens.Current.Kind == TokenKind.Name && ends.Contains(_tokens.Current.Text))
                    {
                        return new Body(statements);
                    }
                    statements.Add(ReadStatement());
                    _tokens.Expect(TokenKind.BlockEnd, "'%}'");
                    break;
            }
        }
    }

    // The body of a tag whose beginning has been read but for its %}; the end is read but for its %}.
    private Body ReadInner(Token begin, string end)
    {
        _tokens.Expect(TokenKind.BlockEnd, "'%}'");
        Body body = ReadBody(begin.Text, begin.Line, end);
        _tokens.Next();
        return body;
    }

    // A body whose text is kept back: no loop outside of it can be left from inside.
    private Body ReadCaptured(Token begin, string end)
    {
        int loops = _loops;
        _loops = 0;
        Body body = ReadInner(begin, end);
        _loops = loops;
        return body;
    }

    private Statement ReadStatement()
    {
        Token name = _tokens.Expect(TokenKind.Name, "the name of a statement");
        return name.Text switch
        {
            "if" => ReadIf(name),
            "for" => ReadFor(name),
            "set" => ReadSet(name),
            "macro" => ReadMacro(name),
            "with" => ReadWith(name),
            "filter" => new FilterStatement(name.Line, _postfix.ReadFilters(_expressions, bare: true), ReadCaptured(name, "endfilter")),
            "generation" => new GenerationStatement(name.Line, ReadCaptured(name, "endgeneration")),
            "break" => ReadFlow(name, Flow.Break),
            "continue" => ReadFlow(name, Flow.Continue),
            _ => throw new TemplateError($"unknown statement '{name.Text}'. Known are {Known}", name.Line),
        };
    }

    private FlowStatement ReadFlow(Token name, Flow flow) => _loops > 0
        ? new FlowStatement(name.Line, flow)
        : throw new TemplateError($"'{name.Text}' stands outside of a loop", name.Line);

    private IfStatement ReadIf(Token begin)
    {
        var branches = new List<(Expression Test, Body Body)>();
        do
        {
            Expression test = _expressions.ReadTuple(withCondition: false);
            _tokens.Expect(TokenKind.BlockEnd, "'%}'");
            branches.Add((test, ReadBody("if", begin.Line, "elif", "else", "endif")));
        }
        while (_tokens.SkipName("elif"));
        Body? otherwise = _tokens.Next().IsName("else") ? ReadInner(begin, "endif") : null;
        return new IfStatement(begin.Line, branches, otherwise);
    }

    private ForStatement ReadFor(Token begin)
    {
        Target target = _targets.Read();
        _tokens.ExpectName("in");
        Expression items = _expressions.ReadTuple(withCondition: false);
        Expression? filter = _tokens.SkipName("if") ? _expressions.Read() : null;
        if (_tokens.Current.IsName("recursive"))
        {
            throw new TemplateError("a 'recursive' loop is not supported", begin.Line);
        }
        _tokens.Expect(TokenKind.BlockEnd, "'%}'");
        _loops++;
        Body body = ReadBody("for", begin.Line, "else", "endfor");
        _loops--;
        Body? otherwise = _tokens.Next().IsName("else") ? ReadInner(begin, "endfor") : null;
        return new ForStatement(begin.Line, target, items, filter, body, otherwise);
    }

    private Statement ReadSet(Token begin)
    {
        Target target = _targets.Read();
        if (_tokens.SkipOperator("="))
        {
            return new SetStatement(begin.Line, target, _expressions.ReadTuple());
        }
        return new SetBlockStatement(begin.Line, target, _postfix.ReadFilters(_expressions, bare: false), ReadCaptured(begin, "endset"));
    }

    private WithStatement ReadWith(Token begin)
    {
        var variables = new List<(Target Target, Expression Value)>();
        while (_tokens.Current.Kind != TokenKind.BlockEnd)
        {
            if (variables.Count > 0)
            {
                _tokens.ExpectOperator(",");
            }
            Target target = _targets.ReadOne();
            _tokens.ExpectOperator("=");
            variables.Add((target, _expressions.Read()));
        }
        return new WithStatement(begin.Line, variables, ReadInner(begin, "endwith"));
    }

    private MacroStatement ReadMacro(Token begin)
    {
        string name = _tokens.Expect(TokenKind.Name, "the name of the macro").Text;
        _tokens.ExpectOperator("(");
        var parameters = new List<MacroParameter>();
        while (!_tokens.SkipOperator(")"))
        {
            if (parameters.Count > 0)
            {
                _tokens.ExpectOperator(",");
            }
            string parameter = _tokens.Expect(TokenKind.Name, "the name of a parameter").Text;
            parameters.Add(new MacroParameter(parameter, _tokens.SkipOperator("=") ? _expressions.Read() : null));
        }
        int start = _tokens.Position;
        Body body = ReadCaptured(begin, "endmacro");
        string? special = _macroNames.FirstOrDefault(word => _tokens.HasName(start, word));
        return special is null
            ? new MacroStatement(begin.Line, name, parameters, body)
            : throw new TemplateError($"the macro '{name}' uses '{special}', which is not supported", begin.Line);
    }
}
