using System.Numerics;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Values;

/// <summary>What Python calls the type of a value, for errors.</summary>
internal static class TypeName
{
    public static string Of(object? value) => value switch
    {
        null => "NoneType",
        bool => "bool",
        BigInteger => "int",
        double => "float",
        string => "str",
        SafeText => "Markup",
        ListValue => "list",
        TupleValue => "tuple",
        RangeValue => "range",
        DictValue => "dict",
        ViewValue view => view.TypeName,
        IteratorValue iterator => iterator.TypeName,
        NamespaceValue => "Namespace",
        LoopValue => "LoopContext",
        Callable => "function",
        Undefined => "Undefined",
        _ => value.GetType().Name,
    };

    // As jinja2's object_type_repr has it.
    public static string Described(object? value) => value is null ? "None" : $"{Of(value)} object";
}
