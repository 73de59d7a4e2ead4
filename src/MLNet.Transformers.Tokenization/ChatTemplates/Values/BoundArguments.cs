using System.Numerics;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Values;

/// <summary>Arguments by the number of their parameter, with typed reading.</summary>
internal sealed class BoundArguments(string callee, object?[] values, bool[] given)
{
    public object? this[int index] => values[index];

    public bool Has(int index) => given[index];

    public bool Flag(int index, bool otherwise = false) => given[index] ? Truth.Of(values[index]) : otherwise;

    public string Text(int index) => Texts.TryGet(values[index], out string text) ? text : throw InvalidArgument(index, "a text");

    /// <summary>A text, or null where the argument is none or left out.</summary>
    public string? OptionalText(int index) => !given[index] || values[index] is null ? null : Text(index);

    /// <summary>A whole number; what <paramref name="otherwise"/> says where the argument is left out.</summary>
    public int Int(int index, int otherwise = 0) => !given[index] ? otherwise : Whole(index);

    /// <summary>A whole number, or null where the argument is none or left out.</summary>
    public int? OptionalInt(int index) => !given[index] || values[index] is null ? null : Whole(index);

    private int Whole(int index) => Numbers.TryWhole(values[index], out BigInteger number)
        ? (int)BigInteger.Clamp(number, int.MinValue, int.MaxValue)
        : throw InvalidArgument(index, "a whole number");

    private TemplateError InvalidArgument(int index, string expected) => values[index] is Undefined undefined
        ? undefined.Error()
        : new TemplateError($"{callee} was given {TypeName.Of(values[index])} as argument {index + 1}; expected {expected}");
}
