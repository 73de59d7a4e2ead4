namespace MLNet.Transformers.Pretraining.Noises;

/// <summary>
/// Which stretches of a text become blanks, in the three granularities of GLM (Du et al. 2022, §2.2; THUDM/GLM's blocklm_utils.py). As there, shares are
/// of the text with the token in front of it, rounded down, and the last token is never in a short span.
/// </summary>
internal static class BlankSpans
{
    /// <summary>
    /// Short spans, anywhere, with at least one token between them, until they have a share of the tokens. A text too short for its last span gets a shorter
    /// one, where the code leaves the text out; each has at least one span.
    /// </summary>
    /// <param name="tokens">Tokens of the text, at least 2.</param>
    /// <param name="share">Share of them that blanks reach.</param>
    /// <param name="lengths">Lengths of spans.</param>
    /// <param name="random">What is drawn from.</param>
    /// <returns>In the order of the text.</returns>
    public static TokenSpan[] Short(int tokens, double share, SpanLengths lengths, Random random)
    {
        int room = tokens - 1, budget = Math.Max(1, (int)(share * (tokens + 1)));
        var drawn = new List<int>();
        for (int masked = 0; masked < budget && masked + drawn.Count < room; masked += drawn[^1])
        {
            drawn.Add(Math.Min(lengths.Next(random), room - masked - drawn.Count));
        }
        return Place([.. drawn], room, random);
    }

    /// <summary>Whole sentences, drawn at random until they have a share of the tokens; at least one.</summary>
    /// <param name="ends">Of each sentence the index behind its last token; the last is the length of the text.</param>
    /// <param name="share">Share of the tokens that blanks reach.</param>
    /// <param name="random">What is drawn from.</param>
    /// <returns>In random order.</returns>
    public static TokenSpan[] Sentences(int[] ends, double share, Random random)
    {
        int budget = (int)(share * (ends[^1] + 1));
        var spans = new List<TokenSpan>();
        int masked = 0;
        foreach (int sentence in random.Sample(ends.Length, ends.Length))
        {
            spans.Add(new TokenSpan(sentence == 0 ? 0 : ends[sentence - 1], ends[sentence]));
            masked += spans[^1].Length;
            if (masked >= budget)
            {
                break;
            }
        }
        return [.. spans];
    }

    /// <summary>The length of one long span in each text of a batch, uniform; a shorter text has one of all its tokens but one.</summary>
    /// <param name="shortest">Tokens of the batch's shortest text, at least 2.</param>
    /// <param name="longest">Tokens of its longest text.</param>
    /// <param name="leastShare">Share of the shortest text that it takes at least.</param>
    /// <param name="random">What is drawn from.</param>
    public static int LongLength(int shortest, int longest, double leastShare, Random random) =>
        random.Next(Math.Clamp((int)(leastShare * (shortest + 1)), 1, longest - 1), longest);

    /// <summary>A span somewhere in a text.</summary>
    /// <param name="tokens">Tokens of the text, more than the span's.</param>
    /// <param name="length">Tokens of the span.</param>
    /// <param name="random">What is drawn from.</param>
    public static TokenSpan[] Within(int tokens, int length, Random random) => Place([length], tokens - 1, random);

    // Uniform starts, put in order: the gaps between spans are not uniform then, but those of the code.
    private static TokenSpan[] Place(int[] lengths, int room, Random random)
    {
        random.Shuffle(lengths);
        int free = room - lengths.Sum() - lengths.Length + 1;
        var spans = new TokenSpan[lengths.Length];
        int before = 0, at = 0;
        foreach (int place in lengths.Select(_ => random.Next(free + 1)).Order())
        {
            spans[at] = new TokenSpan(before + place, before + place + lengths[at]);
            before += lengths[at++] + 1;
        }
        return spans;
    }
}
