using System.Text;
using MLNet.Transformers.Tokenization.ChatTemplates.Values;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Tree;

/// <summary>A parameter of a macro; without a default it is undefined where it is left out.</summary>
internal sealed record MacroParameter(string Name, Expression? Default);

/// <summary>{% macro name(parameters) %}…{% endmacro %}: a function that gives what its body writes. It sees the variables around its definition.</summary>
internal sealed class MacroStatement(int line, string name, IReadOnlyList<MacroParameter> parameters, Body body) : Statement(line)
{
    private readonly string[] _signature = [.. parameters.Select(parameter => parameter.Name + "?")];

    protected override Flow Run(Scope scope, StringBuilder output)
    {
        scope.Set(name, new Callable(name, arguments => Call(scope, arguments)));
        return Flow.Next;
    }

    private string Call(Scope around, Arguments arguments)
    {
        BoundArguments bound = arguments.Bind(_signature);
        Scope scope = around.Inner();
        around.Budget.EnterMacro(name);
        for (int i = 0; i < parameters.Count; i++)
        {
            MacroParameter parameter = parameters[i];
            scope.Set(parameter.Name, bound.Has(i) ? bound[i]
                : parameter.Default is { } value ? value.Evaluate(scope) : new Undefined($"parameter '{parameter.Name}' was not provided"));
        }
        string text = body.Capture(scope);
        around.Budget.LeaveMacro();
        return text;
    }
}
