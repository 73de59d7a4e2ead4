using System.Text;
using MLNet.Transformers.Tokenization.ChatTemplates.Values;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Tree;

/// <summary>{% if %} with its branches; it has no scope of its own.</summary>
internal sealed class IfStatement(int line, IReadOnlyList<(Expression Test, Body Body)> branches, Body? otherwise) : Statement(line)
{
    protected override Flow Run(Scope scope, StringBuilder output)
    {
        foreach ((Expression test, Body body) in branches)
        {
            if (Truth.Of(test.Evaluate(scope)))
            {
                return body.Execute(scope, output);
            }
        }
        return otherwise?.Execute(scope, output) ?? Flow.Next;
    }
}

/// <summary>{% set target = value %}.</summary>
internal sealed class SetStatement(int line, Target target, Expression value) : Statement(line)
{
    protected override Flow Run(Scope scope, StringBuilder output)
    {
        target.Assign(scope, value.Evaluate(scope));
        return Flow.Next;
    }
}

/// <summary>{% set target %}…{% endset %}: what is written between them, passed through filters.</summary>
internal sealed class SetBlockStatement(int line, Target target, Func<Expression, Expression> filters, Body body) : Statement(line)
{
    protected override Flow Run(Scope scope, StringBuilder output)
    {
        string text = body.Capture(scope.Inner());
        target.Assign(scope, filters(new Literal(0, text)).Evaluate(scope));
        return Flow.Next;
    }
}

/// <summary>{% filter name %}…{% endfilter %}.</summary>
internal sealed class FilterStatement(int line, Func<Expression, Expression> filters, Body body) : Statement(line)
{
    protected override Flow Run(Scope scope, StringBuilder output)
    {
        string text = body.Capture(scope.Inner());
        Write(PythonText.Str(filters(new Literal(0, text)).Evaluate(scope)), output, scope.Budget);
        return Flow.Next;
    }
}

/// <summary>{% with name = value %}…{% endwith %}; the values are those outside.</summary>
internal sealed class WithStatement(int line, IReadOnlyList<(Target Target, Expression Value)> variables, Body body) : Statement(line)
{
    protected override Flow Run(Scope scope, StringBuilder output)
    {
        Scope inner = scope.Inner();
        foreach ((Target target, Expression value) in variables)
        {
            target.Assign(inner, value.Evaluate(scope));
        }
        return body.Execute(inner, output);
    }
}

/// <summary>{% generation %}…{% endgeneration %}: marks what the assistant wrote, and writes it.</summary>
internal sealed class GenerationStatement(int line, Body body) : Statement(line)
{
    protected override Flow Run(Scope scope, StringBuilder output)
    {
        Write(body.Capture(scope.Inner()), output, scope.Budget);
        return Flow.Next;
    }
}
