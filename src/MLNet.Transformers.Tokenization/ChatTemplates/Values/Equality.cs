using System.Numerics;
using System.Runtime.CompilerServices;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Values;

/// <summary>Python's == of values.</summary>
internal static class Equality
{
    public static bool Of(object? left, object? right, Budget budget)
    {
        budget.Step();
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (Texts.TryGet(left, out string leftText))
        {
            return Texts.TryGet(right, out string rightText) && string.Equals(leftText, rightText, StringComparison.Ordinal);
        }
        if (Numbers.TryWhole(left, out BigInteger leftWhole) && Numbers.TryWhole(right, out BigInteger rightWhole))
        {
            return leftWhole == rightWhole;
        }
        if (Numbers.TryReal(left, out double leftReal))
        {
            return Numbers.TryReal(right, out double rightReal) && leftReal == rightReal;
        }
        return (left, right) switch
        {
            (null, null) or (Undefined, Undefined) => true,
            (SequenceValue a, SequenceValue b) when a.GetType() == b.GetType() => Items(a.Items, b.Items, budget),
            (DictValue a, DictValue b) => a.Count == b.Count && a.Entries.All(item => b.TryGet(item.Key, out object? other) && Of(item.Value, other, budget)),
            _ => ReferenceEquals(left, right),
        };
    }

    /// <summary>Python's in: of a text, a list, the keys of a dict, or whatever else can be iterated.</summary>
    public static bool Contains(object? container, object? item, Budget budget)
    {
        if (Texts.TryGet(container, out string text))
        {
            return Texts.TryGet(item, out string part)
                ? text.Contains(part, StringComparison.Ordinal)
                : throw (item as Undefined)?.Error() ?? new TemplateError($"'in' looked for a {TypeName.Of(item)} in a text; expected a text");
        }
        return container is DictValue dict
            ? item is not Undefined && dict.TryGet(item, out _)
            : Sequences.Iterate(container).Any(element => Of(element, item, budget));
    }

    private static bool Items(IReadOnlyList<object?> left, IReadOnlyList<object?> right, Budget budget)
    {
        if (left.Count != right.Count)
        {
            return false;
        }
        for (int i = 0; i < left.Count; i++)
        {
            if (!Of(left[i], right[i], budget))
            {
                return false;
            }
        }
        return true;
    }
}
