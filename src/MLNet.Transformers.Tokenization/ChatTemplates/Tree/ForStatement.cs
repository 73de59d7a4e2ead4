using System.Text;
using MLNet.Transformers.Tokenization.ChatTemplates.Values;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Tree;

/// <summary>{% for target in items if filter %}…{% else %}…{% endfor %}. Each turn has a scope of its own.</summary>
internal sealed class ForStatement(int line, Target target, Expression items, Expression? filter, Body body, Body? otherwise) : Statement(line)
{
    protected override Flow Run(Scope scope, StringBuilder output)
    {
        IReadOnlyList<object?> all = Sequences.Items(items.Evaluate(scope), scope.Budget);
        IReadOnlyList<object?> kept = filter is null ? all : [.. all.Where(item => Keep(scope, item))];
        var loop = new LoopValue(kept);
        for (int i = 0; i < kept.Count; i++)
        {
            scope.Budget.Step();
            loop.Index = i;
            Scope inner = scope.Inner();
            inner.Set("loop", loop);
            target.Assign(inner, kept[i]);
            if (body.Execute(inner, output) == Flow.Break)
            {
                break;
            }
        }
        if (kept.Count == 0)
        {
            otherwise?.Execute(scope.Inner(), output);
        }
        return Flow.Next;
    }

    private bool Keep(Scope scope, object? item)
    {
        Scope inner = scope.Inner();
        inner.Set("loop", new Undefined("'loop' is undefined: it cannot be used in the filter of its own loop"));
        target.Assign(inner, item);
        return Truth.Of(filter!.Evaluate(inner));
    }
}
