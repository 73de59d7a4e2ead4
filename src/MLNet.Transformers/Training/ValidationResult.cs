namespace MLNet.Transformers.Training;

/// <summary>Metrics on the validation rows and the one of them that decides which epoch was best.</summary>
/// <param name="Metrics">All metrics by name.</param>
/// <param name="Deciding">Name of the deciding one.</param>
/// <param name="HigherIsBetter">Its direction.</param>
internal sealed record ValidationResult(IReadOnlyDictionary<string, double> Metrics, string Deciding, bool HigherIsBetter)
{
    public double Score => HigherIsBetter ? Metrics[Deciding] : -Metrics[Deciding];
}
