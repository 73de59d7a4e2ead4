namespace MLNet.Transformers.Pretraining.Noises;

/// <summary>T5's prefix language model: the beginning of a text is read, the rest is written; its length is uniform (<c>random_prefix_noise_mask</c>).</summary>
internal static class PrefixSplit
{
    /// <param name="ids">A text of at least 2 tokens; 1 to all but one of them are read.</param>
    /// <param name="random">What is drawn from.</param>
    public static (int[] Source, int[] Target) Apply(int[] ids, Random random)
    {
        int prefix = random.Next(1, ids.Length);
        return (ids[..prefix], ids[prefix..]);
    }
}
