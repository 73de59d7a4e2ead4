using System.Globalization;
using System.Numerics;
using MLNet.Transformers.Tokenization.ChatTemplates.Library;
using MLNet.Transformers.Tokenization.ChatTemplates.Tree;
using MLNet.Transformers.Tokenization.ChatTemplates.Values;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Syntax;

/// <summary>Reads expressions; each method reads one level of precedence, in Jinja's order (jinja2: parser.Parser).</summary>
internal sealed class ExpressionParser(TokenStream tokens)
{
    private static readonly Dictionary<string, Func<object?, object?, Budget, bool>> _comparisons = new()
    {
        ["=="] = Equality.Of,
        ["!="] = (left, right, budget) => !Equality.Of(left, right, budget),
        ["<"] = (left, right, budget) => Ordering.Compare(left, right, budget) < 0,
        ["<="] = (left, right, budget) => Ordering.Compare(left, right, budget) <= 0,
        [">"] = (left, right, budget) => Ordering.Compare(left, right, budget) > 0,
        [">="] = (left, right, budget) => Ordering.Compare(left, right, budget) >= 0,
    };

    private static readonly Dictionary<string, Func<object?, object?, Budget, object>> _sums = new()
    {
        ["+"] = Arithmetic.Add, ["-"] = (left, right, _) => Arithmetic.Subtract(left, right),
    };

    private static readonly Dictionary<string, Func<object?, object?, Budget, object>> _products = new()
    {
        ["*"] = Arithmetic.Multiply, ["/"] = (left, right, _) => Arithmetic.Divide(left, right), ["//"] = (left, right, _) => Arithmetic.FloorDivide(left, right),
        ["%"] = Remainder,
    };

    private static readonly Dictionary<string, Func<object?, object?, Budget, object>> _powers = new() { ["**"] = (left, right, _) => Arithmetic.Power(left, right) };

    private readonly PostfixParser _postfix = new(tokens);

    /// <summary>An expression; a if b else c included.</summary>
    public Expression Read()
    {
        Expression value = ReadOr();
        while (tokens.Current.IsName("if"))
        {
            int line = tokens.Next().Line;
            Expression test = ReadOr();
            value = new Conditional(line, test, value, tokens.SkipName("else") ? Read() : null);
        }
        return value;
    }

    /// <summary>An expression, or several with commas between them, which are a tuple.</summary>
    public Expression ReadTuple(bool withCondition = true)
    {
        int line = tokens.Current.Line;
        Expression first = ReadItem();
        if (!tokens.Current.IsOperator(","))
        {
            return first;
        }
        List<Expression> items = [first];
        while (tokens.SkipOperator(",") && !EndsTuple())
        {
            items.Add(ReadItem());
        }
        return new ItemsLiteral(line, items, isTuple: true);

        Expression ReadItem() => withCondition ? Read() : ReadOr();
    }

    public Expression ReadOr() => ReadChain("or", ReadAnd, isAnd: false);

    private Expression ReadAnd() => ReadChain("and", ReadNot, isAnd: true);

    private Expression ReadChain(string word, Func<Expression> next, bool isAnd)
    {
        Expression left = next();
        while (tokens.Current.IsName(word))
        {
            int line = tokens.Next().Line;
            left = new Logical(line, left, next(), isAnd);
        }
        return left;
    }

    private Expression ReadNot()
    {
        if (!tokens.Current.IsName("not"))
        {
            return ReadComparison();
        }
        int line = tokens.Next().Line;
        return new Unary(line, ReadNot(), value => !Truth.Of(value));
    }

    private Expression ReadComparison()
    {
        int line = tokens.Current.Line;
        Expression first = ReadSum();
        var rest = new List<(Func<object?, object?, Budget, bool> Holds, Expression Operand)>();
        while (ReadComparisonSign() is { } holds)
        {
            rest.Add((holds, ReadSum()));
        }
        return rest.Count == 0 ? first : new Comparison(line, first, rest);
    }

    private Func<object?, object?, Budget, bool>? ReadComparisonSign()
    {
        if (tokens.Current.Kind == TokenKind.Operator && _comparisons.TryGetValue(tokens.Current.Text, out Func<object?, object?, Budget, bool>? comparison))
        {
            tokens.Next();
            return comparison;
        }
        if (tokens.SkipName("in"))
        {
            return (item, container, budget) => Equality.Contains(container, item, budget);
        }
        if (tokens.Current.IsName("not") && tokens.Following.IsName("in"))
        {
            tokens.Next();
            tokens.Next();
            return (item, container, budget) => !Equality.Contains(container, item, budget);
        }
        return null;
    }

    private Expression ReadSum() => ReadBinary(_sums, ReadConcatenation);

    private Expression ReadConcatenation()
    {
        int line = tokens.Current.Line;
        List<Expression> parts = [ReadProduct()];
        while (tokens.SkipOperator("~"))
        {
            parts.Add(ReadProduct());
        }
        return parts.Count == 1 ? parts[0] : new Concatenation(line, parts);
    }

    private Expression ReadProduct() => ReadBinary(_products, ReadPower);

    private Expression ReadPower() => ReadBinary(_powers, () => ReadUnary(withFilter: true));

    private Expression ReadBinary(Dictionary<string, Func<object?, object?, Budget, object>> operations, Func<Expression> next)
    {
        Expression left = next();
        while (tokens.Current.Kind == TokenKind.Operator && operations.TryGetValue(tokens.Current.Text, out Func<object?, object?, Budget, object>? operation))
        {
            int line = tokens.Next().Line;
            left = new Binary(line, left, next(), operation);
        }
        return left;
    }

    private Expression ReadUnary(bool withFilter)
    {
        Token token = tokens.Current;
        Expression value = token.IsOperator("-") || token.IsOperator("+") ? ReadSign() : ReadPrimary();
        value = _postfix.ReadPostfix(value, this);
        return withFilter ? _postfix.ReadFiltersAndTests(value, this) : value;

        Unary ReadSign()
        {
            tokens.Next();
            return new Unary(token.Line, ReadUnary(withFilter: false), token.Text == "-" ? Arithmetic.Negate : Arithmetic.Plus);
        }
    }

    /// <summary>A name, a value that is written out, or an expression in brackets.</summary>
    public Expression ReadPrimary()
    {
        Token token = tokens.Current;
        switch (token.Kind)
        {
            case TokenKind.Name:
                tokens.Next();
                return token.Text switch
                {
                    "true" or "True" => new Literal(token.Line, true),
                    "false" or "False" => new Literal(token.Line, false),
                    "none" or "None" => new Literal(token.Line, null),
                    _ => new Variable(token.Line, token.Text, Functions.Find),
                };
            case TokenKind.String:
                string text = "";
                while (tokens.Current.Kind == TokenKind.String)
                {
                    text += tokens.Next().Text;
                }
                return new Literal(token.Line, text);
            case TokenKind.Integer:
                tokens.Next();
                return new Literal(token.Line, WholeNumber(token.Text));
            case TokenKind.Float:
                tokens.Next();
                return new Literal(token.Line, double.Parse(token.Text, CultureInfo.InvariantCulture));
            default:
                return tokens.SkipOperator("(") ? ReadParentheses(token.Line)
                    : tokens.SkipOperator("[") ? new ItemsLiteral(token.Line, ReadItems("]"), isTuple: false)
                    : tokens.SkipOperator("{") ? ReadDict(token.Line)
                    : throw tokens.Unexpected("an expression");
        }
    }

    private Expression ReadParentheses(int line)
    {
        if (tokens.SkipOperator(")"))
        {
            return new ItemsLiteral(line, [], isTuple: true);
        }
        Expression value = ReadTuple();
        tokens.ExpectOperator(")");
        return value;
    }

    private List<Expression> ReadItems(string end)
    {
        var items = new List<Expression>();
        while (!tokens.SkipOperator(end))
        {
            if (items.Count > 0)
            {
                tokens.ExpectOperator(",");
                if (tokens.SkipOperator(end))
                {
                    break;
                }
            }
            items.Add(Read());
        }
        return items;
    }

    private DictLiteral ReadDict(int line)
    {
        var entries = new List<(Expression Key, Expression Value)>();
        while (!tokens.SkipOperator("}"))
        {
            if (entries.Count > 0)
            {
                tokens.ExpectOperator(",");
                if (tokens.SkipOperator("}"))
                {
                    break;
                }
            }
            Expression key = Read();
            tokens.ExpectOperator(":");
            entries.Add((key, Read()));
        }
        return new DictLiteral(line, entries);
    }

    private bool EndsTuple() => tokens.Current.Kind is TokenKind.VariableEnd or TokenKind.BlockEnd || tokens.Current.IsOperator(")") || tokens.Current.IsName("in");

    private static BigInteger WholeNumber(string text)
    {
        int numberBase = text.Length > 1 ? char.ToLowerInvariant(text[1]) switch { 'x' => 16, 'o' => 8, 'b' => 2, _ => 10 } : 10;
        return numberBase == 10
            ? BigInteger.Parse(text, CultureInfo.InvariantCulture)
            : text[2..].Aggregate(BigInteger.Zero, (number, digit) => (number * numberBase) + Convert.ToInt32(digit.ToString(), 16));
    }

    private static object Remainder(object? left, object? right, Budget budget) => Texts.TryGet(left, out string format)
        ? PercentFormat.Apply(format, right is TupleValue tuple ? tuple.Items : [right], budget)
        : Arithmetic.Modulo(left, right);
}
