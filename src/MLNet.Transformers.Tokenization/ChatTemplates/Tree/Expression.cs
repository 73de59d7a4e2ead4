using System.Runtime.CompilerServices;
using MLNet.Transformers.Tokenization.ChatTemplates.Values;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Tree;

/// <summary>A part of a template that has a value.</summary>
/// <param name="line">Its line, for errors.</param>
internal abstract class Expression(int line)
{
    public int Line => line;

    public object? Evaluate(Scope scope)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        scope.Budget.Step();
        try
        {
            return Compute(scope);
        }
        catch (TemplateError error) when (error.Locate(line))
        {
            throw;
        }
    }

    protected abstract object? Compute(Scope scope);
}

/// <summary>A value that is written in the template.</summary>
internal sealed class Literal(int line, object? value) : Expression(line)
{
    public object? Value => value;

    protected override object? Compute(Scope scope) => value;
}

/// <summary>A variable, else a function that all templates have.</summary>
internal sealed class Variable(int line, string name, Func<string, Callable?> function) : Expression(line)
{
    public string Name => name;

    protected override object? Compute(Scope scope) => scope.TryGet(name, out object? value) ? value : function(name) ?? (object)Undefined.Name(name);
}

/// <summary>A list, or a tuple.</summary>
internal sealed class ItemsLiteral(int line, IReadOnlyList<Expression> items, bool isTuple) : Expression(line)
{
    protected override object? Compute(Scope scope)
    {
        object?[] values = [.. items.Select(item => item.Evaluate(scope))];
        return isTuple ? new TupleValue(values) : new ListValue(values);
    }
}

/// <summary>A dict.</summary>
internal sealed class DictLiteral(int line, IReadOnlyList<(Expression Key, Expression Value)> entries) : Expression(line)
{
    protected override object? Compute(Scope scope) =>
        new DictValue(entries.Select(entry => new KeyValuePair<object?, object?>(entry.Key.Evaluate(scope), entry.Value.Evaluate(scope))));
}
