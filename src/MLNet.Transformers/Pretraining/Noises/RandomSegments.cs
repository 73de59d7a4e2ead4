namespace MLNet.Transformers.Pretraining.Noises;

/// <summary>Cuts a number of tokens into segments of at least one token; all ways to do so are equally probable (T5's <c>_random_segmentation</c>).</summary>
internal static class RandomSegments
{
    public static int[] Of(int tokens, int segments, Random random)
    {
        int[] cuts = [0, .. random.Sample(tokens - 1, segments - 1).Order().Select(place => place + 1), tokens];
        return [.. cuts.Skip(1).Zip(cuts, (end, start) => end - start)];
    }
}
