namespace MLNet.Transformers.Models.Checkpoints;

/// <summary>The normal distribution that the fresh values of a matrix are drawn from.</summary>
/// <param name="Deviation">Its standard deviation.</param>
internal readonly record struct FreshWeights(double Deviation)
{
    /// <summary>What scales of normalisation begin with.</summary>
    public double Scale { get; init; } = 1;
}
