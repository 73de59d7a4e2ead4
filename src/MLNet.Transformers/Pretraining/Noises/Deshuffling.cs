namespace MLNet.Transformers.Pretraining.Noises;

/// <summary>T5's deshuffling: a text's tokens in random order are read, and the text is written (Raffel et al. 2020, §3.3.1; all_permute.gin).</summary>
internal static class Deshuffling
{
    public static (int[] Source, int[] Target) Apply(int[] ids, Random random)
    {
        int[] shuffled = [.. ids];
        random.Shuffle(shuffled);
        return (shuffled, ids);
    }
}
