namespace MLNet.Transformers.Training;

/// <summary>Metrics on the validation rows and the one of them that decides which epoch was best.</summary>
/// <param name="Metrics">All metrics by name.</param>
/// <param name="Deciding">Name of the deciding one.</param>
/// <param name="HigherIsBetter">Its direction.</param>
internal sealed record ValidationResult(IReadOnlyDictionary<string, double> Metrics, string Deciding, bool HigherIsBetter)
{
    /// <summary>Name of the mean loss among the metrics.</summary>
    public const string Loss = "Loss";

    public double Score => HigherIsBetter ? Metrics[Deciding] : -Metrics[Deciding];

    /// <summary>The mean loss; null where it is not measured, or is no number.</summary>
    public double? FiniteLoss => Metrics.TryGetValue(Loss, out double loss) && double.IsFinite(loss) ? loss : null;

    /// <summary>
    /// Whether this is better than the best so far. Metrics that count hits stay equal for epochs, above all at 0, while the network learns: of equal
    /// scores the lower loss is better.
    /// </summary>
    /// <param name="score">The best <see cref="Score"/>; null: there is none yet.</param>
    /// <param name="loss">Its <see cref="FiniteLoss"/>.</param>
    public bool IsBetterThan(double? score, double? loss) =>
        score is null || Score > score || (Score == score && FiniteLoss is { } own && (loss is null || own < loss));
}
