using System.Numerics;
using System.Runtime.CompilerServices;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Values;

/// <summary>Python's order of numbers, texts, and lists of them.</summary>
internal static class Ordering
{
    /// <param name="left">One value.</param>
    /// <param name="right">The other.</param>
    /// <param name="budget">What the comparison costs is counted here.</param>
    /// <returns>Negative, 0 or positive; null where one is not a number, so that no comparison holds.</returns>
    public static int? Compare(object? left, object? right, Budget budget)
    {
        budget.Step();
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (Numbers.TryWhole(left, out BigInteger leftWhole) && Numbers.TryWhole(right, out BigInteger rightWhole))
        {
            return leftWhole.CompareTo(rightWhole);
        }
        if (Numbers.TryReal(left, out double leftReal) && Numbers.TryReal(right, out double rightReal))
        {
            return double.IsNaN(leftReal) || double.IsNaN(rightReal) ? null : leftReal.CompareTo(rightReal);
        }
        if (Texts.TryGet(left, out string leftText) && Texts.TryGet(right, out string rightText))
        {
            return Texts.Compare(leftText, rightText);
        }
        return left is SequenceValue a && right is SequenceValue b && a.GetType() == b.GetType() && a is not RangeValue
            ? Items(a.Items, b.Items, budget)
            : throw (left as Undefined ?? right as Undefined)?.Error()
                ?? new TemplateError($"a {TypeName.Of(left)} and a {TypeName.Of(right)} have no order");
    }

    private static int? Items(IReadOnlyList<object?> left, IReadOnlyList<object?> right, Budget budget)
    {
        for (int i = 0; i < Math.Min(left.Count, right.Count); i++)
        {
            if (!Equality.Of(left[i], right[i], budget))
            {
                return Compare(left[i], right[i], budget);
            }
        }
        return left.Count.CompareTo(right.Count);
    }
}
