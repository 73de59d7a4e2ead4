namespace MLNet.Transformers.Evaluation;

/// <summary>Right answers and predicted ones that belong together.</summary>
internal static class Paired
{
    /// <exception cref="ArgumentException">Their numbers differ.</exception>
    public static void Check<TGold, TPredicted>(IReadOnlyList<TGold> gold, IReadOnlyList<TPredicted> predicted, string what)
    {
        ArgumentNullException.ThrowIfNull(gold);
        ArgumentNullException.ThrowIfNull(predicted);
        if (gold.Count != predicted.Count)
        {
            throw new ArgumentException($"There are {gold.Count} {what} with right answers and {predicted.Count} with predicted ones; give as many of both.");
        }
    }

    /// <exception cref="ArgumentException">A name occurs twice.</exception>
    public static void RequireDistinct(IReadOnlyList<string> names, string what)
    {
        if (names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(same => same.Skip(1).Any()) is { } twice)
        {
            throw new ArgumentException($"The {what} '{twice.Key}' is given twice: {string.Join(", ", names.Select(name => $"'{name}'"))}.");
        }
    }

    /// <exception cref="ArgumentException">One is NaN.</exception>
    public static void RequireNumbers(IReadOnlyList<double> values, string what)
    {
        int row = values.TakeWhile(value => !double.IsNaN(value)).Count();
        if (row < values.Count)
        {
            throw new ArgumentException($"Row {row + 1}: {what} is NaN.");
        }
    }
}
