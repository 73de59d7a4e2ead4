using System.Text.Json.Nodes;

namespace MLNet.Transformers.Models.Checkpoints.Gguf;

/// <summary>
/// LLaMA 3's rule of stretching rotary positions (reference: modeling_rope_utils.py, _compute_llama3_parameters), backwards: GGUF files hold what the
/// rule gives for each frequency, the reference's config what it is made of. Frequencies whose waves are shorter than original / high stay, those
/// longer than original / low are divided by the factor, and between them 1 / factor goes straight with 1 / wave length.
/// </summary>
internal static class RopeFactors
{
    // What LLaMA 3.1 to 3.3 have. The rule depends on the lengths' ratios only, so that one number may be chosen.
    private const double Low = 1;
    private const double High = 4;
    private const double Original = 8192;

    // The file's factors are float32.
    private const double Tolerance = 1e-5;

    /// <summary>The settings that give these factors, which are checked one by one; null where there are none.</summary>
    public static JsonObject? Settings(float[] factors, double ropeBase)
    {
        double factor = factors.Max();
        double[] waves = [.. factors.Select((_, i) => 2 * Math.PI * Math.Pow(ropeBase, (double)i / factors.Length))];
        (double Original, double High)[] candidates = [.. Candidates(factors, waves, factor)];
        foreach ((double original, double high) in candidates)
        {
            if (original >= 1 && high > Low
                && factors.Zip(waves).All(item => Math.Abs(Rule(item.Second, factor, original, high) / item.First - 1) <= Tolerance))
            {
                return new JsonObject
                {
                    ["rope_type"] = "llama3",
                    ["factor"] = factor,
                    ["low_freq_factor"] = Low,
                    ["high_freq_factor"] = high,
                    ["original_max_position_embeddings"] = (long)original,
                };
            }
        }
        return null;
    }

    private static double Rule(double wave, double factor, double original, double high)
    {
        double smooth = Math.Clamp((original / wave - Low) / (high - Low), 0, 1);
        return 1 / ((1 - smooth) / factor + smooth);
    }

    private static IEnumerable<(double Original, double High)> Candidates(float[] factors, double[] waves, double factor)
    {
        (double Inverse, double Smooth)[] between =
        [
            .. factors.Zip(waves).Where(item => item.First > 1 && item.First < factor)
                .Select(item => (1 / item.Second, (1 / item.First - 1 / factor) / (1 - 1 / factor))),
        ];
        if (between.Length == 0)
        {
            double least = High * Waves(factors, waves, 1).DefaultIfEmpty(0).Max();
            double most = Waves(factors, waves, factor).Min();
            yield return (Original, High);
            yield return (Math.Ceiling(Math.Sqrt(Math.Max(least, 1) * most)), High);
            yield break;
        }
        yield return (Math.Round(between.Average(item => (item.Smooth * (High - Low) + Low) / item.Inverse)), High);
        if (between.Length > 1)
        {
            // A straight line: smooth = original / (high - low) * inverse - low / (high - low).
            (double x, double y) = (between.Average(item => item.Inverse), between.Average(item => item.Smooth));
            double slope = between.Sum(item => (item.Inverse - x) * (item.Smooth - y)) / between.Sum(item => (item.Inverse - x) * (item.Inverse - x));
            double width = Low / (slope * x - y);
            double high = Math.Round(Low + width, 3);
            yield return (Math.Round(slope * (high - Low)), high);
        }
    }

    private static IEnumerable<double> Waves(float[] factors, double[] waves, double factor) =>
        waves.Where((_, i) => factors[i] == (float)factor);
}
