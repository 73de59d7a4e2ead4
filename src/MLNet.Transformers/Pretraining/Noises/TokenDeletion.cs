namespace MLNet.Transformers.Pretraining.Noises;

/// <summary>BART's token deletion: tokens drawn at random are left out, and nothing says where (Lewis et al. 2020, §2.2; fairseq's <c>replace-length 0</c>).</summary>
internal static class TokenDeletion
{
    /// <param name="ids">A text.</param>
    /// <param name="share">Share of its tokens that are left out, rounded up to whole ones.</param>
    /// <param name="random">What is drawn from.</param>
    public static int[] Apply(int[] ids, double share, Random random)
    {
        HashSet<int> deleted = [.. random.Sample(ids.Length, RandomDraws.ShareOf(ids.Length, share))];
        return [.. ids.Where((_, place) => !deleted.Contains(place))];
    }
}
