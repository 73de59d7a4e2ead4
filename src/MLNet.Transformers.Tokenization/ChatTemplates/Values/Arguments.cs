namespace MLNet.Transformers.Tokenization.ChatTemplates.Values;

/// <summary>The arguments of a call as they were written.</summary>
/// <param name="Callee">What is called, for errors: "filter 'join'".</param>
/// <param name="Positional">Arguments without a name.</param>
/// <param name="Named">Arguments with a name, in their order.</param>
/// <param name="Rendering">What the call runs in.</param>
internal sealed record Arguments(
    string Callee, IReadOnlyList<object?> Positional, IReadOnlyList<KeyValuePair<string, object?>> Named, Rendering Rendering)
{
    public Budget Budget => Rendering.Budget;

    /// <summary>Gives the arguments to parameters; a name that ends in "?" may be left out.</summary>
    /// <exception cref="TemplateError">One is missing, unknown, given twice, or there are too many.</exception>
    public BoundArguments Bind(params ReadOnlySpan<string> parameters)
    {
        var values = new object?[parameters.Length];
        var given = new bool[parameters.Length];
        if (Positional.Count > parameters.Length)
        {
            throw new TemplateError($"{Callee} takes at most {parameters.Length} arguments, but was given {Positional.Count}");
        }
        for (int i = 0; i < Positional.Count; i++)
        {
            (values[i], given[i]) = (Positional[i], true);
        }
        foreach ((string name, object? value) in Named)
        {
            int at = IndexOf(parameters, name);
            if (at < 0)
            {
                throw new TemplateError($"{Callee} has no argument '{name}'");
            }
            if (given[at])
            {
                throw new TemplateError($"{Callee} was given the argument '{name}' twice");
            }
            (values[at], given[at]) = (value, true);
        }
        for (int i = 0; i < parameters.Length; i++)
        {
            if (!given[i] && !parameters[i].EndsWith('?'))
            {
                throw new TemplateError($"{Callee} needs the argument '{parameters[i]}'");
            }
        }
        return new BoundArguments(Callee, values, given);
    }

    /// <summary>The call without its first arguments, for another callee.</summary>
    public Arguments Pass(string callee, int skip) => this with { Callee = callee, Positional = [.. Positional.Skip(skip)] };

    private static int IndexOf(ReadOnlySpan<string> parameters, string name)
    {
        for (int i = 0; i < parameters.Length; i++)
        {
            if (parameters[i].AsSpan().TrimEnd('?').SequenceEqual(name))
            {
                return i;
            }
        }
        return -1;
    }
}
