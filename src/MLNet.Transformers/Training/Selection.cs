using System.Collections;
using static System.FormattableString;

namespace MLNet.Transformers.Training;

/// <summary>Some items of a list, in another order; nothing is copied.</summary>
internal sealed class Selection<T>(IReadOnlyList<T> items, int[] numbers) : IReadOnlyList<T>
{
    public int Count => numbers.Length;

    public T this[int index] => items[numbers[index]];

    public IEnumerator<T> GetEnumerator() => numbers.Select(number => items[number]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Holds out the share of the items that the options say, drawn by the seed.</summary>
    /// <exception cref="InvalidOperationException">A share is asked for, but of so few items it is none.</exception>
    public static (IReadOnlyList<T> Kept, IReadOnlyList<T> HeldOut) Split(IReadOnlyList<T> items, TrainingOptions options, int seed)
    {
        if (options.ValidationShare == 0)
        {
            return (items, []);
        }
        int held = (int)Math.Round(options.ValidationShare * items.Count);
        if (held == 0)
        {
            throw new InvalidOperationException(
                Invariant($"{nameof(options.ValidationShare)} is {options.ValidationShare}, which of {items.Count:N0} usable rows is none; give a larger share or a {nameof(options.ValidationSet)}."));
        }
        int[] numbers = [.. Enumerable.Range(0, items.Count)];
        RandomState.OfHeldOutRows(seed).Shuffle(numbers);
        return (new Selection<T>(items, numbers[held..]), new Selection<T>(items, numbers[..held]));
    }
}
