using MLNet.Transformers.Tokenization.ChatTemplates.Library;
using MLNet.Transformers.Tokenization.ChatTemplates.Values;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Tree;

/// <summary>The arguments of a call as expressions.</summary>
internal sealed record ArgumentList(IReadOnlyList<Expression> Positional, IReadOnlyList<(string Name, Expression Value)> Named)
{
    public static ArgumentList Empty { get; } = new([], []);

    public Arguments Evaluate(string callee, Scope scope) => new(
        callee, [.. Positional.Select(argument => argument.Evaluate(scope))],
        [.. Named.Select(argument => new KeyValuePair<string, object?>(argument.Name, argument.Value.Evaluate(scope)))], scope.Rendering);
}

/// <summary>callee(arguments).</summary>
internal sealed class Call(int line, Expression callee, ArgumentList arguments) : Expression(line)
{
    protected override object? Compute(Scope scope) => callee.Evaluate(scope) switch
    {
        Callable function => function.Call(arguments.Evaluate($"'{function.Name}'", scope)),
        Undefined undefined => throw undefined.Error(),
        var other => throw new TemplateError($"a {TypeName.Of(other)} was called; only functions, methods and macros can be"),
    };
}

/// <summary>value | name(arguments).</summary>
internal sealed class FilterCall(int line, Expression value, string name, Filter filter, ArgumentList arguments) : Expression(line)
{
    protected override object? Compute(Scope scope)
    {
        object? input = value.Evaluate(scope);
        return filter(input, arguments.Evaluate($"the filter '{name}'", scope));
    }
}

/// <summary>value is name(arguments).</summary>
internal sealed class TestCall(int line, Expression value, string name, Test test, ArgumentList arguments) : Expression(line)
{
    protected override object? Compute(Scope scope)
    {
        object? input = value.Evaluate(scope);
        return test(input, arguments.Evaluate($"the test '{name}'", scope));
    }
}
