using Microsoft.ML;
using MLNet.Transformers.Interop;

namespace MLNet.Transformers.Evaluation;

/// <summary>Scores beside labels of the same names, in whatever order either has them.</summary>
/// <param name="Names">The labels' names in the order of the labels; null: neither column has any.</param>
/// <param name="Order">Of each label, the slot of its score; null: the slots are in the labels' order.</param>
internal sealed record NamedScores(IReadOnlyList<string>? Names, int[]? Order)
{
    /// <summary>Matches the values of keys, or the names of slots, with the names of the scores' slots.</summary>
    /// <exception cref="InvalidOperationException">Keys stand for other labels than the scores.</exception>
    public static NamedScores Of(DataViewSchema.Column labels, DataViewSchema.Column scores)
    {
        IReadOnlyList<string>? slots = SlotNames.Of(scores), keys = KeyValues.Of(labels)?.Names;
        IReadOnlyList<string>? names = keys ?? SlotNames.Of(labels);
        if (names is null || slots is null || names.SequenceEqual(slots))
        {
            return new NamedScores(names ?? slots, null);
        }
        if (names.Order(StringComparer.Ordinal).SequenceEqual(slots.Order(StringComparer.Ordinal)))
        {
            return new NamedScores(names, [.. names.Select(name => slots.ToList().IndexOf(name))]);
        }
        // Names of slots may be those of the columns that were joined; the values of keys are labels.
        return keys is null ? new NamedScores(slots, null) : throw new InvalidOperationException(
            $"The keys of the column '{labels.Name}' stand for {List(keys)}, but the slots of the column '{scores.Name}' are {List(slots)}; expected the same labels, in any order.");

        static string List(IReadOnlyList<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));
    }

    /// <summary>A row's scores in the order of the labels; as they are where they are not as many.</summary>
    public float[] InOrder(float[] scores) => Order is null || Order.Length != scores.Length ? scores : Array.ConvertAll(Order, slot => scores[slot]);
}
