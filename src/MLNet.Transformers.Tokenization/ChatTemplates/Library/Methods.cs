using System.Collections.Frozen;
using MLNet.Transformers.Tokenization.ChatTemplates.Values;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Library;

/// <summary>The methods of values. Python's others are refused by name, for to a template they would look like attributes that are not there.</summary>
internal static class Methods
{
    private static readonly FrozenSet<string> _changing = FrozenSet.ToFrozenSet(
        ["append", "clear", "extend", "insert", "pop", "popitem", "remove", "reverse", "setdefault", "sort", "update"]);

    private static readonly FrozenSet<string> _text = FrozenSet.ToFrozenSet(
    [
        "casefold", "encode", "expandtabs", "format", "format_map", "isdecimal", "isidentifier", "isnumeric", "isprintable", "istitle", "maketrans",
        "swapcase", "translate",
    ]);

    private static readonly FrozenSet<string> _number = FrozenSet.ToFrozenSet(
    [
        "as_integer_ratio", "bit_count", "bit_length", "conjugate", "denominator", "from_bytes", "fromhex", "hex", "imag", "is_integer", "numerator", "real",
        "to_bytes",
    ]);

    /// <summary>A method bound to its value; null where Python has none of that name.</summary>
    public static Callable? Find(object? owner, string name) => owner switch
    {
        string text => OfText(text, name, result => result),
        SafeText safe => OfText(safe.Text, name, Safe),
        DictValue dict when DictMethods.All.TryGetValue(name, out Method<DictValue>? method) => Bind(method, dict, name),
        SequenceValue sequence when SequenceMethods.All.TryGetValue(name, out Method<SequenceValue>? method) => Bind(method, sequence, name),
        DictValue when _changing.Contains(name) || name == "fromkeys" => throw Refused(owner, name),
        ListValue when _changing.Contains(name) => throw Refused(owner, name),
        ViewValue when name is "isdisjoint" or "mapping" => throw Refused(owner, name),
        Callable function => throw new TemplateError($"the attribute '{name}' of '{function.Name}' is not supported; functions and macros can only be called"),
        System.Numerics.BigInteger or double or bool when _number.Contains(name) => throw Refused(owner, name),
        _ => null,
    };

    private static Callable? OfText(string text, string name, Func<object?, object?> wrap) =>
        TextMethods.All.TryGetValue(name, out Method<string>? method)
            ? new Callable(name, arguments => wrap(method(text, arguments)))
            : _text.Contains(name) ? throw Refused(text, name) : null;

    // A method of a marked text gives marked texts.
    private static object? Safe(object? result) => result switch
    {
        string text => new SafeText(text),
        SequenceValue sequence => sequence.With([.. sequence.Items.Select(Safe)]),
        _ => result,
    };

    private static Callable Bind<T>(Method<T> method, T self, string name) => new(name, arguments => method(self, arguments));

    private static TemplateError Refused(object? owner, string name) => new(_changing.Contains(name)
        ? $"the method '{name}' changes a {TypeName.Of(owner)}, which a template may not"
        : $"the method '{name}' of a {TypeName.Of(owner)} is not supported");
}

/// <summary>A method of a value.</summary>
internal delegate object? Method<in T>(T self, Arguments arguments);
