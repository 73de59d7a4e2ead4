using MLNet.Transformers.Evaluation;

namespace MLNet.Transformers;

/// <summary>How well classes are told apart, one class a row. Equal to scikit-learn 1.9's figures of the same names.</summary>
/// <param name="ByClass">The figures of each class, in the order of the classes.</param>
/// <param name="Accuracy">Share of rows whose class is right.</param>
/// <param name="Matthews">Matthews correlation (Gorodkin 2004 for more than two classes), -1 to 1; 0 where all rows have one class or all are predicted one.</param>
/// <param name="Kappa">Cohen's kappa: how much better than chance, -1 to 1; NaN where there is only one class.</param>
/// <param name="Micro">Of all classes together.</param>
/// <param name="Macro">The mean over the classes.</param>
/// <param name="Weighted">The mean over the classes, each by its number of rows.</param>
/// <param name="Confusion">How many rows of each class (outer) were predicted each class (inner), in the order of the classes.</param>
public sealed record ClassificationReport(
    IReadOnlyDictionary<string, PrecisionRecall> ByClass, double Accuracy, double Matthews, double Kappa,
    PrecisionRecall Micro, PrecisionRecall Macro, PrecisionRecall Weighted, IReadOnlyList<IReadOnlyList<long>> Confusion)
{
    /// <summary>Compares classes.</summary>
    /// <param name="gold">The right classes.</param>
    /// <param name="predicted">As many predicted ones.</param>
    /// <param name="classes">All classes, which count for the means whether or not they occur; null: those that occur, in alphabetical order.</param>
    /// <exception cref="ArgumentException">The numbers of rows differ, a class is not among those given, or one is given twice; the message names the row or the class.</exception>
    public static ClassificationReport Of(IReadOnlyList<string> gold, IReadOnlyList<string> predicted, IReadOnlyList<string>? classes = null)
    {
        Paired.Check(gold, predicted, "rows");
        if (classes is not null)
        {
            Paired.RequireDistinct(classes, "class");
        }
        classes ??= [.. gold.Concat(predicted).Distinct().Order(StringComparer.Ordinal)];
        Dictionary<string, int> numbers = classes.Index().ToDictionary(item => item.Item, item => item.Index, StringComparer.Ordinal);
        long[][] confusion = [.. classes.Select(_ => new long[classes.Count])];
        for (int i = 0; i < gold.Count; i++)
        {
            confusion[Number(gold[i], i)][Number(predicted[i], i)]++;
        }
        long[] actual = [.. confusion.Select(row => row.Sum())];
        long[] answered = [.. classes.Select((_, column) => confusion.Sum(row => row[column]))];
        long right = classes.Select((_, i) => confusion[i][i]).Sum();
        var byClass = new OrderedDictionary<string, PrecisionRecall>(classes.Select((name, i) =>
            KeyValuePair.Create(name, PrecisionRecall.Of(confusion[i][i], answered[i], actual[i]))));
        double rows = gold.Count, chance = actual.Zip(answered, (one, other) => (double)one * other).Sum();
        return new ClassificationReport(
            byClass, right / rows, MatthewsOf(right, rows, chance, actual, answered), ((right * rows) - chance) / ((rows * rows) - chance),
            PrecisionRecall.Of(right, gold.Count, gold.Count), PrecisionRecall.Macro(byClass.Values), PrecisionRecall.Weighted(byClass.Values), confusion);

        int Number(string name, int row) => numbers.TryGetValue(name, out int number)
            ? number
            : throw new ArgumentException($"Row {row + 1}: '{name}' is not among the classes {string.Join(", ", classes.Select(one => $"'{one}'"))}.");
    }

    /// <summary>A table of all figures.</summary>
    public override string ToString()
    {
        var table = new FigureTable("precision", "recall", "F1", "support");
        foreach ((string name, PrecisionRecall figures) in ByClass)
        {
            table.Add(name, figures);
        }
        return table.Add("micro", Micro).Add("macro", Macro).Add("weighted", Weighted).Add("accuracy", FigureTable.Share(Accuracy))
            .Add("Matthews", FigureTable.Share(Matthews)).Add("kappa", FigureTable.Share(Kappa)).ToString();
    }

    private static double MatthewsOf(long right, double rows, double chance, long[] actual, long[] answered)
    {
        double scale = Math.Sqrt((rows * rows) - Squares(actual)) * Math.Sqrt((rows * rows) - Squares(answered));
        return scale == 0 ? 0 : ((right * rows) - chance) / scale;

        static double Squares(long[] counts) => counts.Sum(count => (double)count * count);
    }
}
