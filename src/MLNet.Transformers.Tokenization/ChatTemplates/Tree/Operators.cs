using MLNet.Transformers.Tokenization.ChatTemplates.Values;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Tree;

/// <summary>An operator with two operands that are both evaluated.</summary>
internal sealed class Binary(int line, Expression left, Expression right, Func<object?, object?, Budget, object> operation) : Expression(line)
{
    protected override object? Compute(Scope scope) => operation(left.Evaluate(scope), right.Evaluate(scope), scope.Budget);
}

/// <summary>An operator with one operand.</summary>
internal sealed class Unary(int line, Expression operand, Func<object?, object> operation) : Expression(line)
{
    protected override object? Compute(Scope scope) => operation(operand.Evaluate(scope));
}

/// <summary>and, or: the first operand that decides, as it is.</summary>
internal sealed class Logical(int line, Expression left, Expression right, bool isAnd) : Expression(line)
{
    protected override object? Compute(Scope scope)
    {
        object? value = left.Evaluate(scope);
        return Truth.Of(value) == isAnd ? right.Evaluate(scope) : value;
    }
}

/// <summary>a if b else c.</summary>
internal sealed class Conditional(int line, Expression test, Expression then, Expression? otherwise) : Expression(line)
{
    protected override object? Compute(Scope scope) => Truth.Of(test.Evaluate(scope))
        ? then.Evaluate(scope)
        : otherwise is null
            ? new Undefined($"the inline if-expression on line {Line} evaluated to false and no else section was defined")
            : otherwise.Evaluate(scope);
}

/// <summary>The texts of values, one behind the other: ~.</summary>
internal sealed class Concatenation(int line, IReadOnlyList<Expression> parts) : Expression(line)
{
    protected override object? Compute(Scope scope)
    {
        string[] texts = [.. parts.Select(part => PythonText.Str(part.Evaluate(scope)))];
        return Texts.Concat(texts, scope.Budget);
    }
}

/// <summary>Comparisons one behind the other: each must hold, and each operand is evaluated once.</summary>
internal sealed class Comparison(int line, Expression first, IReadOnlyList<(Func<object?, object?, Budget, bool> Holds, Expression Operand)> rest) : Expression(line)
{
    protected override object? Compute(Scope scope)
    {
        object? left = first.Evaluate(scope);
        foreach ((Func<object?, object?, Budget, bool> holds, Expression operand) in rest)
        {
            object? right = operand.Evaluate(scope);
            if (!holds(left, right, scope.Budget))
            {
                return false;
            }
            left = right;
        }
        return true;
    }
}
