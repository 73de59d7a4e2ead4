namespace MLNet.Transformers.Models.Checkpoints;

/// <summary>The normal distribution that the fresh values of a matrix are drawn from.</summary>
/// <param name="Deviation">Its standard deviation, before it is cut off.</param>
/// <param name="Truncated">Whether values beyond two standard deviations are drawn again.</param>
internal readonly record struct FreshWeights(double Deviation, bool Truncated = false)
{
    /// <summary>What scales of normalisation begin with.</summary>
    public double Scale { get; init; } = 1;
}
