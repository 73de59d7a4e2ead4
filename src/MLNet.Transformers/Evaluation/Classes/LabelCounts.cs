namespace MLNet.Transformers.Evaluation;

/// <summary>How often a label is given, and given rightly; or a row's labels.</summary>
internal readonly record struct LabelCounts(long Right, long Given, long Support)
{
    public PrecisionRecall Figures => PrecisionRecall.Of(Right, Given, Support);

    public static LabelCounts Of(IEnumerable<bool> gold, IEnumerable<bool> given)
    {
        LabelCounts counts = default;
        foreach ((bool right, bool answer) in gold.Zip(given))
        {
            counts = counts.Plus(new LabelCounts(right && answer ? 1 : 0, answer ? 1 : 0, right ? 1 : 0));
        }
        return counts;
    }

    public LabelCounts Plus(LabelCounts other) => new(Right + other.Right, Given + other.Given, Support + other.Support);
}
