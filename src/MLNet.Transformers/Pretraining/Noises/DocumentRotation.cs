namespace MLNet.Transformers.Pretraining.Noises;

/// <summary>
/// BART's document rotation: the text begins at a token drawn at random, and what stood before it comes last (Lewis et al. 2020, §2.2). The code
/// (fairseq's <c>add_rolling_noise</c>) counts the special tokens around a text, which stay where they are: of the n + 1 numbers that it draws from, two leave
/// a text of n tokens as it was, where the paper's choice of a token leaves one.
/// </summary>
internal static class DocumentRotation
{
    /// <param name="ids">A text.</param>
    /// <param name="probability">How often a text is rotated at all.</param>
    /// <param name="random">What is drawn from.</param>
    public static int[] Apply(int[] ids, double probability, Random random)
    {
        if (random.NextDouble() >= probability)
        {
            return ids;
        }
        int first = random.Next(ids.Length + 1);
        return [.. ids[first..], .. ids[..first]];
    }
}
