using System.Globalization;
using System.Numerics;
using MLNet.Transformers.Tokenization.ChatTemplates.Library;
using MLNet.Transformers.Tokenization.ChatTemplates.Tree;
using MLNet.Transformers.Tokenization.ChatTemplates.Values;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Syntax;

/// <summary>Reads what follows on a value: attributes, items, calls, filters and tests.</summary>
internal sealed class PostfixParser(TokenStream tokens)
{
    public Expression ReadPostfix(Expression value, ExpressionParser expressions)
    {
        while (true)
        {
            int line = tokens.Current.Line;
            if (tokens.SkipOperator("."))
            {
                value = ReadAttribute(value, line);
            }
            else if (tokens.SkipOperator("["))
            {
                value = ReadItem(value, line, expressions);
            }
            else if (tokens.Current.IsOperator("("))
            {
                value = new Call(line, value, ReadArguments(expressions));
            }
            else
            {
                return value;
            }
        }
    }

    public Expression ReadFiltersAndTests(Expression value, ExpressionParser expressions)
    {
        while (true)
        {
            if (tokens.Current.IsOperator("|"))
            {
                value = ReadFilter(value, expressions);
            }
            else if (tokens.Current.IsName("is"))
            {
                value = ReadTest(value, expressions);
            }
            else if (tokens.Current.IsOperator("("))
            {
                value = new Call(tokens.Current.Line, value, ReadArguments(expressions));
            }
            else
            {
                return value;
            }
        }
    }

    /// <summary>Filters one behind the other, of a value that comes later.</summary>
    /// <param name="expressions">Reads the arguments.</param>
    /// <param name="bare">Whether the first stands without a |, as in {% filter upper %}.</param>
    public Func<Expression, Expression> ReadFilters(ExpressionParser expressions, bool bare)
    {
        var filters = new List<Func<Expression, Expression>>();
        while (bare || tokens.SkipOperator("|"))
        {
            bare = false;
            Token name = ReadName();
            Filter filter = Located(name.Line, () => Filters.Get(name.Text));
            ArgumentList arguments = tokens.Current.IsOperator("(") ? ReadArguments(expressions) : ArgumentList.Empty;
            filters.Add(value => new FilterCall(name.Line, value, name.Text, filter, arguments));
        }
        return value => filters.Aggregate(value, (filtered, filter) => filter(filtered));
    }

    private Expression ReadFilter(Expression value, ExpressionParser expressions) => ReadFilters(expressions, bare: false)(value);

    private Expression ReadTest(Expression value, ExpressionParser expressions)
    {
        int line = tokens.Next().Line;
        bool negated = tokens.SkipName("not");
        Token name = ReadName();
        Test test = Located(name.Line, () => Tests.Get(name.Text));
        ArgumentList arguments = tokens.Current.IsOperator("(") ? ReadArguments(expressions)
            : TakesValue() ? new ArgumentList([ReadPostfix(expressions.ReadPrimary(), expressions)], [])
            : ArgumentList.Empty;
        Expression result = new TestCall(line, value, name.Text, test, arguments);
        return negated ? new Unary(line, result, holds => !Truth.Of(holds)) : result;
    }

    // A test may have its one argument without brackets: x is divisibleby 3.
    private bool TakesValue()
    {
        if (tokens.Current.IsName("is"))
        {
            throw new TemplateError("tests cannot stand one behind the other; write 'and' between them", tokens.Current.Line);
        }
        return tokens.Current.Kind is TokenKind.String or TokenKind.Integer or TokenKind.Float || tokens.Current.IsOperator("[") || tokens.Current.IsOperator("{")
            || (tokens.Current.Kind == TokenKind.Name && tokens.Current.Text is not ("else" or "or" or "and" or "if" or "in" or "not"));
    }

    private Expression ReadAttribute(Expression owner, int line)
    {
        Token name = tokens.Current;
        if (name.Kind == TokenKind.Integer)
        {
            tokens.Next();
            return new ItemAccess(line, owner, new Literal(line, BigInteger.Parse(name.Text, CultureInfo.InvariantCulture)));
        }
        return new AttributeAccess(line, owner, tokens.Expect(TokenKind.Name, "the name of an attribute").Text);
    }

    private Expression ReadItem(Expression owner, int line, ExpressionParser expressions)
    {
        Expression? start = tokens.Current.IsOperator(":") ? null : expressions.Read();
        if (start is not null && !tokens.Current.IsOperator(":"))
        {
            tokens.ExpectOperator("]");
            return new ItemAccess(line, owner, start);
        }
        tokens.ExpectOperator(":");
        Expression? stop = Bound();
        Expression? step = tokens.SkipOperator(":") ? Bound() : null;
        tokens.ExpectOperator("]");
        return new SliceAccess(line, owner, start, stop, step);

        Expression? Bound() => tokens.Current.IsOperator(":") || tokens.Current.IsOperator("]") ? null : expressions.Read();
    }

    private ArgumentList ReadArguments(ExpressionParser expressions)
    {
        tokens.ExpectOperator("(");
        var positional = new List<Expression>();
        var named = new List<(string Name, Expression Value)>();
        while (!tokens.SkipOperator(")"))
        {
            if (positional.Count + named.Count > 0)
            {
                tokens.ExpectOperator(",");
                if (tokens.SkipOperator(")"))
                {
                    break;
                }
            }
            if (tokens.Current.IsOperator("*") || tokens.Current.IsOperator("**"))
            {
                throw new TemplateError($"arguments with '{tokens.Current.Text}' are not supported", tokens.Current.Line);
            }
            if (tokens.Current.Kind == TokenKind.Name && tokens.Following.IsOperator("="))
            {
                string name = tokens.Next().Text;
                tokens.Next();
                named.Add((name, expressions.Read()));
            }
            else if (named.Count == 0)
            {
                positional.Add(expressions.Read());
            }
            else
            {
                throw tokens.Unexpected("an argument with a name, as one was before it");
            }
        }
        return new ArgumentList(positional, named);
    }

    private Token ReadName()
    {
        Token name = tokens.Expect(TokenKind.Name, "the name of a filter or test");
        return tokens.Current.IsOperator(".") ? throw new TemplateError($"unknown filter or test '{name.Text}.{tokens.Following.Text}'", name.Line) : name;
    }

    private static T Located<T>(int line, Func<T> find)
    {
        try
        {
            return find();
        }
        catch (TemplateError error) when (error.Locate(line))
        {
            throw;
        }
    }
}
