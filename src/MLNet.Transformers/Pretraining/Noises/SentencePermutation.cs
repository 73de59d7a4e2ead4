namespace MLNet.Transformers.Pretraining.Noises;

/// <summary>BART's sentence permutation: sentences drawn at random change places with each other (Lewis et al. 2020, §2.2; fairseq's <c>permute_sentences</c>).</summary>
internal static class SentencePermutation
{
    /// <param name="ids">A text.</param>
    /// <param name="ends">Of each sentence the index behind its last token; the last is the length of the text.</param>
    /// <param name="share">Share of the sentences that are drawn, rounded up to whole ones.</param>
    /// <param name="random">What is drawn from.</param>
    public static int[] Apply(int[] ids, int[] ends, double share, Random random)
    {
        int[] order = [.. Enumerable.Range(0, ends.Length)];
        int[] drawn = random.Sample(ends.Length, RandomDraws.ShareOf(ends.Length, share));
        int[] places = random.Sample(drawn.Length, drawn.Length);
        for (int i = 0; i < drawn.Length; i++)
        {
            order[drawn[i]] = drawn[places[i]];
        }
        return [.. order.SelectMany(sentence => ids[(sentence == 0 ? 0 : ends[sentence - 1])..ends[sentence]])];
    }
}
