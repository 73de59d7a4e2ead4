using MLNet.Transformers.Evaluation;

namespace MLNet.Transformers;

/// <summary>How numbers that were predicted follow the right ones, -1 to 1 each. Equal to SciPy 1.17's pearsonr, spearmanr and kendalltau.</summary>
/// <param name="Pearson">Pearson's correlation: 1 where they lie on a rising line.</param>
/// <param name="Spearman">Spearman's: Pearson's of their ranks, equal numbers sharing theirs.</param>
/// <param name="Kendall">Kendall's tau-b: pairs in the right order less pairs in the wrong one, as a share.</param>
/// <param name="Rows">The number of rows.</param>
public sealed record CorrelationMetrics(double Pearson, double Spearman, double Kendall, int Rows)
{
    /// <summary>Compares numbers. All three are NaN where there are fewer than two rows, or all numbers of one side are equal.</summary>
    /// <param name="gold">The right numbers.</param>
    /// <param name="predicted">As many predicted ones.</param>
    /// <exception cref="ArgumentException">The numbers of rows differ, or a number is NaN; the message names the row.</exception>
    public static CorrelationMetrics Of(IReadOnlyList<double> gold, IReadOnlyList<double> predicted)
    {
        Paired.Check(gold, predicted, "rows");
        Paired.RequireNumbers(gold, "the right number");
        Paired.RequireNumbers(predicted, "the predicted number");
        (double pearson, double spearman) = PearsonAndSpearman([.. gold], [.. predicted]);
        return new CorrelationMetrics(pearson, spearman, KendallTau.Of(gold, predicted), gold.Count);
    }

    internal static (double Pearson, double Spearman) PearsonAndSpearman(double[] gold, double[] predicted) =>
        (PearsonOf(gold, predicted), PearsonOf(Ranks.Of(gold), Ranks.Of(predicted)));

    /// <summary>A table of all figures.</summary>
    public override string ToString() => new FigureTable()
        .Add("Pearson", FigureTable.Share(Pearson)).Add("Spearman", FigureTable.Share(Spearman)).Add("Kendall", FigureTable.Share(Kendall))
        .Add("rows", FigureTable.Count(Rows)).ToString();

    private static double PearsonOf(double[] gold, double[] predicted)
    {
        (double[] x, double[] y) = (Centred(gold), Centred(predicted));
        double product = Math.Sqrt(x.Sum(value => value * value)) * Math.Sqrt(y.Sum(value => value * value));
        return product == 0 ? double.NaN : Math.Clamp(x.Zip(y, (one, other) => one * other).Sum() / product, -1, 1);
    }

    // Brought near 1 by a power of two, which changes no digit, so that squares neither overflow nor vanish.
    private static double[] Centred(double[] values)
    {
        if (values.All(value => value == values[0]))
        {
            return new double[values.Length];
        }
        int exponent = Math.ILogB(values.Max(Math.Abs));
        double[] scaled = Array.ConvertAll(values, value => Math.ScaleB(value, -exponent));
        double mean = scaled.Average();
        return Array.ConvertAll(scaled, value => value - mean);
    }
}
