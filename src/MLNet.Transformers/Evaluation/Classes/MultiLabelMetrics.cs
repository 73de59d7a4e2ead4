using MLNet.Transformers.Evaluation;

namespace MLNet.Transformers;

/// <summary>How well labels are given of which a row may have any number. Equal to scikit-learn 1.9's figures of the same names.</summary>
/// <param name="ByLabel">The figures of each label, in the order of the labels.</param>
/// <param name="SubsetAccuracy">Share of rows whose labels are all right.</param>
/// <param name="HammingLoss">Share of labels that are wrong; less is better.</param>
/// <param name="Micro">Of all labels together.</param>
/// <param name="Macro">The mean over the labels.</param>
/// <param name="Weighted">The mean over the labels, each by its number of rows.</param>
/// <param name="SamplesF1">The mean over the rows of the F1 of a row's labels; 0 for a row that has none and is given none.</param>
/// <param name="MacroAuc">The mean over the labels of the area below the ROC curve; NaN where a label has all rows or none.</param>
/// <param name="MacroAveragePrecision">The mean over the labels of the average precision; 0 for a label without rows.</param>
public sealed record MultiLabelMetrics(
    IReadOnlyDictionary<string, PrecisionRecall> ByLabel, double SubsetAccuracy, double HammingLoss, PrecisionRecall Micro, PrecisionRecall Macro,
    PrecisionRecall Weighted, double SamplesF1, double MacroAuc, double MacroAveragePrecision)
{
    /// <summary>Compares labels with scores.</summary>
    /// <param name="gold">Of each row, which labels it has.</param>
    /// <param name="scores">Of each row, a score a label; a probability where the threshold is one.</param>
    /// <param name="threshold">A label is given where its score is at least this; 0.5 by default.</param>
    /// <param name="labels">The labels' names; null: they are numbered from 0.</param>
    /// <exception cref="ArgumentException">The numbers of rows or of labels differ, there is no row or no label, a label is given twice, or a score is NaN; the message names it or the row.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threshold"/> is NaN.</exception>
    public static MultiLabelMetrics Of(
        IReadOnlyList<IReadOnlyList<bool>> gold, IReadOnlyList<IReadOnlyList<float>> scores, double threshold = 0.5, IReadOnlyList<string>? labels = null)
    {
        Paired.Check(gold, scores, "rows");
        if (gold.Count == 0)
        {
            throw new ArgumentException("There is no row.");
        }
        if (double.IsNaN(threshold))
        {
            throw Check.OutOfRange(nameof(threshold), threshold, "is NaN; a label is given where its score is at least this.");
        }
        labels ??= [.. Enumerable.Range(0, gold[0].Count).Select(number => $"{number}")];
        Paired.RequireDistinct(labels, "label");
        if (labels.Count == 0)
        {
            throw new ArgumentException("Row 1: there are no labels.");
        }
        for (int i = 0; i < gold.Count; i++)
        {
            if (gold[i].Count != labels.Count || scores[i].Count != labels.Count || scores[i].Any(float.IsNaN))
            {
                throw new ArgumentException(
                    $"Row {i + 1}: {gold[i].Count} labels and {scores[i].Count} scores{(scores[i].Any(float.IsNaN) ? ", one of them NaN" : "")}; expected {labels.Count} of both, all numbers.");
            }
        }
        bool[][] given = [.. scores.Select(row => row.Select(score => score >= (float)threshold).ToArray())];
        LabelCounts[] byLabel = [.. labels.Select((_, label) => LabelCounts.Of(gold.Select(row => row[label]), given.Select(row => row[label])))];
        LabelCounts[] byRow = [.. gold.Zip(given, LabelCounts.Of)];
        var figures = new OrderedDictionary<string, PrecisionRecall>(labels.Zip(byLabel, (name, counts) => KeyValuePair.Create(name, counts.Figures)));
        RankedLabel[] ranked = [.. labels.Select((_, label) => new RankedLabel([.. gold.Select(row => row[label])], [.. scores.Select(row => (double)row[label])]))];
        return new MultiLabelMetrics(
            figures,
            (double)byRow.Count(row => row.Right == row.Given && row.Right == row.Support) / byRow.Length,
            (double)byRow.Sum(row => row.Given + row.Support - (2 * row.Right)) / (byRow.Length * labels.Count),
            byLabel.Aggregate((one, other) => one.Plus(other)).Figures,
            PrecisionRecall.Macro(figures.Values),
            PrecisionRecall.Weighted(figures.Values),
            byRow.Average(row => row.Figures.F1),
            ranked.Average(label => label.AreaUnderRoc()),
            ranked.Average(label => label.AveragePrecision()));
    }

    /// <summary>A table of all figures.</summary>
    public override string ToString()
    {
        var table = new FigureTable("precision", "recall", "F1", "support");
        foreach ((string name, PrecisionRecall label) in ByLabel)
        {
            table.Add(name, label);
        }
        return table.Add("micro", Micro).Add("macro", Macro).Add("weighted", Weighted).Add("samples", "", "", FigureTable.Share(SamplesF1))
            .Add("subset accuracy", FigureTable.Share(SubsetAccuracy)).Add("Hamming loss", FigureTable.Share(HammingLoss))
            .Add("AUC, macro", FigureTable.Share(MacroAuc)).Add("average precision, macro", FigureTable.Share(MacroAveragePrecision)).ToString();
    }
}
