namespace MLNet.Transformers.Pretraining.Noises;

/// <summary>
/// BART's text infilling: spans of words are each replaced by one mask, and spans of no words insert one (Lewis et al. 2020, §2.2; fairseq's
/// denoising_dataset.py, <c>mask-length span-poisson</c> with <c>replace-length 1</c>).
/// </summary>
/// <remarks>
/// As there, lengths are drawn until they reach the budget, of which the last is cut to what is left, and spans begin at words drawn at random: where one
/// reaches into another both become one, and one that reaches the end of the text ends there, so that fewer words are hidden than the budget says.
/// Masks of spans of no words are put in afterwards, anywhere.
/// </remarks>
internal static class TextInfilling
{
    /// <param name="ids">A text.</param>
    /// <param name="words">Its words, each as its place and the place behind it.</param>
    /// <param name="share">Share of the words that spans may take, rounded up to whole ones.</param>
    /// <param name="lengths">Lengths of spans, in words.</param>
    /// <param name="masks">What is put in their place.</param>
    /// <param name="random">What is drawn from.</param>
    public static int[] Apply(int[] ids, IReadOnlyList<(int Start, int End)> words, double share, SpanLengths lengths, MaskTokens masks, Random random)
    {
        int[] spans = Spans(RandomDraws.ShareOf(words.Count, share), lengths, random);
        int[] filled = [.. spans.Where(length => length > 0)];
        int[] first = random.Sample(words.Count, filled.Length);
        int[] read = [.. ids];
        var dropped = new bool[ids.Length];
        for (int i = 0; i < filled.Length; i++)
        {
            int start = words[first[i]].Start, end = words[Math.Min(first[i] + filled[i], words.Count) - 1].End;
            read[start] = masks.Next(random);
            dropped.AsSpan((start + 1)..end).Fill(true);
        }
        return Insert([.. read.Where((_, place) => !dropped[place])], spans.Length - filled.Length, masks, random);
    }

    private static int[] Spans(int budget, SpanLengths lengths, Random random)
    {
        var spans = new List<int>();
        for (int left = budget; left > 0; left -= spans[^1])
        {
            spans.Add(Math.Min(lengths.Next(random), left));
        }
        return [.. spans];
    }

    private static int[] Insert(int[] ids, int count, MaskTokens masks, Random random)
    {
        if (count == 0)
        {
            return ids;
        }
        HashSet<int> inserted = [.. random.Sample(ids.Length + count, count)];
        var read = new int[ids.Length + count];
        for (int place = 0, next = 0; place < read.Length; place++)
        {
            read[place] = inserted.Contains(place) ? masks.Next(random) : ids[next++];
        }
        return read;
    }
}
