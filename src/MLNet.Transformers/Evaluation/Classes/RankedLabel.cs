namespace MLNet.Transformers.Evaluation;

/// <summary>How well a label's scores put the rows that have it before the others, whatever the threshold.</summary>
/// <param name="gold">Which rows have it.</param>
/// <param name="scores">The score of each row.</param>
internal sealed class RankedLabel(bool[] gold, double[] scores)
{
    private readonly long _positives = gold.LongCount(has => has);

    /// <summary>The area below the ROC curve; NaN where all rows have the label, or none.</summary>
    public double AreaUnderRoc()
    {
        double ranks = Ranks.Of(scores).Zip(gold, (rank, has) => has ? rank : 0).Sum();
        return (ranks - (_positives * (_positives + 1) / 2.0)) / ((double)_positives * (gold.Length - _positives));
    }

    /// <summary>The mean precision over the rows that have the label, going down from the highest score; 0 where none has it.</summary>
    public double AveragePrecision()
    {
        double sum = 0;
        long found = 0, seen = 0;
        foreach (IGrouping<double, bool> equal in gold.Zip(scores).GroupBy(row => row.Second, row => row.First).OrderByDescending(group => group.Key))
        {
            long hits = equal.LongCount(has => has);
            found += hits;
            seen += equal.LongCount();
            sum += hits * ((double)found / seen);
        }
        return _positives == 0 ? 0 : sum / _positives;
    }
}
