namespace MLNet.Transformers.Pretraining;

/// <summary>Two texts, and whether the second follows the first in one document.</summary>
internal sealed record SentencePair(int[] First, int[] Second, bool Follows)
{
    private const double OtherShare = 0.5;

    /// <summary>
    /// Draws a pair as create_pretraining_data.py does, but for what it does with the rest of a text whose second half was not taken: it makes pairs of it,
    /// too; here each block is drawn anew in the next epoch.
    /// </summary>
    /// <param name="block">Sentences of one document.</param>
    /// <param name="room">Most tokens of both.</param>
    /// <param name="shortShare">Share of pairs that are made shorter.</param>
    /// <param name="random">What is drawn is drawn from it.</param>
    public static SentencePair Draw(TextBlock block, int room, double shortShare, Random random)
    {
        int target = random.NextDouble() < shortShare ? random.Next(2, room + 1) : room;
        int[][] sentences = Sentences(block, target < room ? random.Next(block.SentenceEnds.Length) : 0, target);
        bool single = sentences.Length == 1;
        int split = single ? 1 : random.Next(1, sentences.Length);
        int[] first = [.. sentences[..split].SelectMany(sentence => sentence)];
        if ((single || random.NextDouble() < OtherShare) && block.Another(random) is { } other)
        {
            int[][] others = Sentences(other, random.Next(other.SentenceEnds.Length), target - first.Length);
            return Cut(first, [.. others.SelectMany(sentence => sentence)], follows: false, room, random);
        }
        // There is no other document, as where one text is scored: a sentence that stands alone is cut in two.
        int half = (first.Length + 1) / 2;
        return single
            ? Cut(first.AsSpan(0, half), first.AsSpan(half), follows: true, room, random)
            : Cut(first, [.. sentences[split..].SelectMany(sentence => sentence)], follows: true, room, random);
    }

    // Sentences from one on until there are enough tokens, at least one.
    private static int[][] Sentences(TextBlock block, int from, int tokens)
    {
        var sentences = new List<int[]>();
        int start = from == 0 ? 0 : block.SentenceEnds[from - 1];
        foreach (int end in block.SentenceEnds.Skip(from))
        {
            sentences.Add(block.Ids[start..end]);
            tokens -= end - start;
            start = end;
            if (tokens <= 0)
            {
                break;
            }
        }
        return [.. sentences];
    }

    // The longer text loses tokens, at either end.
    private static SentencePair Cut(ReadOnlySpan<int> first, ReadOnlySpan<int> second, bool follows, int room, Random random)
    {
        while (first.Length + second.Length > room)
        {
            int front = random.Next(2);
            if (first.Length > second.Length)
            {
                first = first[front..(first.Length - 1 + front)];
            }
            else
            {
                second = second[front..(second.Length - 1 + front)];
            }
        }
        return new SentencePair(first.ToArray(), second.ToArray(), follows);
    }
}
