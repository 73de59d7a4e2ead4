namespace MLNet.Transformers;

/// <summary>How much a summary and a right one have in common.</summary>
/// <param name="Precision">Share of the summary that is in the right one, 0 to 1.</param>
/// <param name="Recall">Share of the right one that is in the summary, 0 to 1.</param>
/// <param name="F1">Harmonic mean of both, 0 to 1.</param>
public readonly record struct RougeScore(double Precision, double Recall, double F1)
{
    internal static RougeScore Of(int common, int written, int right)
    {
        double precision = (double)common / Math.Max(written, 1);
        double recall = (double)common / Math.Max(right, 1);
        return new(precision, recall, precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0);
    }
}
