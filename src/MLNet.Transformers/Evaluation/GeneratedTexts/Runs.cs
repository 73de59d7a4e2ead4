namespace MLNet.Transformers.Evaluation;

/// <summary>Runs of words or characters ("n-grams") and how often each occurs.</summary>
internal static class Runs
{
    /// <summary>The runs of one length.</summary>
    public static Dictionary<string, int> Of(string[] units, int length)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int start = 0; start + length <= units.Length; start++)
        {
            string run = length == 1 ? units[start] : string.Join(' ', units, start, length);
            counts[run] = counts.GetValueOrDefault(run) + 1;
        }
        return counts;
    }

    /// <summary>How many runs two texts have in common, each as often as the one that has it less often.</summary>
    public static int Common(Dictionary<string, int> one, Dictionary<string, int> other) =>
        one.Sum(run => Math.Min(run.Value, other.GetValueOrDefault(run.Key)));
}
