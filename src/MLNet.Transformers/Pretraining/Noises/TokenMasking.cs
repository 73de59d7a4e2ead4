namespace MLNet.Transformers.Pretraining.Noises;

/// <summary>BART's token masking: tokens drawn at random are hidden, each behind a mask of its own (Lewis et al. 2020, §2.2; fairseq's <c>mask-length subword</c>).</summary>
internal static class TokenMasking
{
    /// <param name="ids">A text.</param>
    /// <param name="share">Share of its tokens that are hidden, rounded up to whole ones.</param>
    /// <param name="masks">What is put in their place.</param>
    /// <param name="random">What is drawn from.</param>
    public static int[] Apply(int[] ids, double share, MaskTokens masks, Random random)
    {
        int[] read = [.. ids];
        foreach (int place in random.Sample(ids.Length, RandomDraws.ShareOf(ids.Length, share)))
        {
            read[place] = masks.Next(random);
        }
        return read;
    }
}
