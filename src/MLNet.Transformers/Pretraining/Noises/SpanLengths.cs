namespace MLNet.Transformers.Pretraining.Noises;

/// <summary>Lengths of spans, drawn from a Poisson distribution that is cut off on both sides and brought to a sum of 1.</summary>
internal sealed class SpanLengths
{
    private const double LeastProbability = 1e-7;
    private const int Longest = 128;
    private const int LongestBlank = 39;

    private readonly int _shortest;
    private readonly double[] _sums;

    private SpanLengths(double mean, int shortest, int longest, double leastProbability)
    {
        _shortest = shortest;
        var sums = new List<double>();
        double probability = Math.Exp(-mean), sum = 0;
        for (int length = 0; length <= longest; length++, probability *= mean / length)
        {
            if (length >= shortest)
            {
                sums.Add(sum += probability);
            }
            if (length > mean && probability < leastProbability)
            {
                break;
            }
        }
        _sums = [.. sums];
    }

    /// <summary>BART's: from 0 on, up to the first length of a probability below 1e-7, at most 127 (fairseq's denoising_dataset.py).</summary>
    /// <param name="mean">λ.</param>
    public static SpanLengths OfInfilling(double mean) => new(mean, shortest: 0, Longest - 1, LeastProbability);

    /// <summary>GLM's: 1 to 39 (blocklm_utils.py).</summary>
    /// <param name="mean">λ, that of the distribution with 0.</param>
    public static SpanLengths OfBlanks(double mean) => new(mean, shortest: 1, LongestBlank, leastProbability: 0);

    public int Next(Random random)
    {
        int at = Array.BinarySearch(_sums, random.NextDouble() * _sums[^1]);
        return _shortest + Math.Min(at < 0 ? ~at : at + 1, _sums.Length - 1);
    }
}
