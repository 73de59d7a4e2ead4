using MLNet.Transformers.Tokenization.ChatTemplates.Syntax;
using MLNet.Transformers.Tokenization.ChatTemplates.Tree;
using MLNet.Transformers.Tokenization.ChatTemplates.Values;

namespace MLNet.Transformers.Tokenization.ChatTemplates;

/// <summary>
/// A chat template that has been read: the part of Jinja that published templates use, with Python's values. It reaches nothing but the variables it is given,
/// and a rendering that does not come to an end is stopped (<see cref="Budget"/>). Immutable.
/// </summary>
internal sealed class ChatTemplate
{
    private readonly string _label;
    private readonly Body _body;

    /// <param name="source">The template.</param>
    /// <exception cref="ChatTemplateException">It is no Jinja, or uses what is not supported.</exception>
    public ChatTemplate(ChatTemplateText source)
    {
        _label = source.Label;
        _body = Guard(() => StatementParser.Read(source.Text));
    }

    /// <param name="variables">Values as <see cref="ValueReader"/> makes them, by name.</param>
    /// <param name="clock">What time it is.</param>
    /// <exception cref="ChatTemplateException">Something cannot be done, or the template refuses.</exception>
    public string Render(IEnumerable<KeyValuePair<string, object?>> variables, TimeProvider clock) => Guard(() =>
    {
        // As in the reference, what the template sets stands before what it was given.
        var given = new Scope(null, new Rendering(new Budget(), clock));
        foreach ((string name, object? value) in variables)
        {
            given.Set(name, value);
        }
        return _body.Capture(given.Inner());
    });

    private T Guard<T>(Func<T> step)
    {
        try
        {
            return step();
        }
        catch (TemplateError error)
        {
            throw new ChatTemplateException(error.Line > 0 ? $"'{_label}', line {error.Line}: {error.Message}." : $"'{_label}': {error.Message}.", error);
        }
        catch (InsufficientExecutionStackException error)
        {
            throw new ChatTemplateException($"'{_label}': expressions, macros or values lie within each other too deeply.", error);
        }
    }
}
