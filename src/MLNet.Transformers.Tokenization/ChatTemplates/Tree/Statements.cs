using System.Runtime.CompilerServices;
using System.Text;
using MLNet.Transformers.Tokenization.ChatTemplates.Values;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Tree;

/// <summary>How a loop goes on behind a statement.</summary>
internal enum Flow
{
    Next,
    Continue,
    Break,
}

/// <summary>A part of a template that writes.</summary>
/// <param name="line">Its line, for errors.</param>
internal abstract class Statement(int line)
{
    public Flow Execute(Scope scope, StringBuilder output)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        scope.Budget.Step();
        try
        {
            return Run(scope, output);
        }
        catch (TemplateError error) when (error.Locate(line))
        {
            throw;
        }
    }

    protected abstract Flow Run(Scope scope, StringBuilder output);

    protected static void Write(string text, StringBuilder output, Budget budget)
    {
        budget.Text(text.Length);
        output.Append(text);
        if (output.Length > Budget.MaxCharacters)
        {
            budget.Text(output.Length);
        }
    }
}

/// <summary>Statements one behind the other.</summary>
internal sealed class Body(IReadOnlyList<Statement> statements)
{
    public Flow Execute(Scope scope, StringBuilder output)
    {
        foreach (Statement statement in statements)
        {
            Flow flow = statement.Execute(scope, output);
            if (flow != Flow.Next)
            {
                return flow;
            }
        }
        return Flow.Next;
    }

    /// <summary>What the statements write, in a scope of their own.</summary>
    public string Capture(Scope scope)
    {
        var output = new StringBuilder();
        Execute(scope, output);
        return output.ToString();
    }
}

/// <summary>Text as it is.</summary>
internal sealed class TextStatement(int line, string text) : Statement(line)
{
    protected override Flow Run(Scope scope, StringBuilder output)
    {
        Write(text, output, scope.Budget);
        return Flow.Next;
    }
}

/// <summary>{{ value }}.</summary>
internal sealed class PrintStatement(int line, Expression value) : Statement(line)
{
    protected override Flow Run(Scope scope, StringBuilder output)
    {
        Write(PythonText.Str(value.Evaluate(scope)), output, scope.Budget);
        return Flow.Next;
    }
}

/// <summary>{% break %} and {% continue %}.</summary>
internal sealed class FlowStatement(int line, Flow flow) : Statement(line)
{
    protected override Flow Run(Scope scope, StringBuilder output) => flow;
}
