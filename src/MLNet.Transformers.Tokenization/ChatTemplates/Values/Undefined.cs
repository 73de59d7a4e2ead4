namespace MLNet.Transformers.Tokenization.ChatTemplates.Values;

/// <summary>The value of a name, attribute or item that is not there: empty where it is printed or iterated, an error elsewhere (jinja2: runtime.Undefined).</summary>
/// <param name="reason">What is said where it is used.</param>
internal sealed class Undefined(string reason)
{
    public static Undefined Name(string name) => new($"'{name}' is undefined");

    public static Undefined Attribute(object? owner, object? key) => key is string name
        ? new($"'{TypeName.Described(owner)}' has no attribute '{name}'")
        : new($"'{TypeName.Described(owner)}' has no element {PythonText.Repr(key)}");

    public TemplateError Error() => new(reason);
}
