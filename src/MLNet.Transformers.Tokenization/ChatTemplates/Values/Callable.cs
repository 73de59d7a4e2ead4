namespace MLNet.Transformers.Tokenization.ChatTemplates.Values;

/// <summary>Something that a template can call: a function, a method bound to its value, or a macro.</summary>
/// <param name="name">What errors call it.</param>
/// <param name="body">What it does.</param>
internal sealed class Callable(string name, Func<Arguments, object?> body)
{
    public string Name => name;

    public object? Call(Arguments arguments) => body(arguments);
}
