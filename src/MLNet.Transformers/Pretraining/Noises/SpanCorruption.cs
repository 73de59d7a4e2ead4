namespace MLNet.Transformers.Pretraining.Noises;

/// <summary>
/// T5's span corruption: each span of noise is replaced by a sentinel of its own, and written behind the same sentinel (Raffel et al. 2020, §3.3.4;
/// preprocessors.py). Text comes first, noise last, in turn.
/// </summary>
/// <remarks>Figure 2 of the paper closes the target with one more sentinel; the code does not, for no text follows the last span.</remarks>
internal static class SpanCorruption
{
    /// <param name="ids">A text.</param>
    /// <param name="plan">What becomes noise.</param>
    /// <param name="sentinels">Ids of the sentinels, in their order; at least as many as there are spans.</param>
    /// <param name="random">What is drawn from.</param>
    public static (int[] Source, int[] Target) Apply(int[] ids, SpanPlan plan, IReadOnlyList<int> sentinels, Random random)
    {
        int[] noise = RandomSegments.Of(plan.Noise, plan.Spans, random), text = RandomSegments.Of(plan.Tokens - plan.Noise, plan.Spans, random);
        var source = new List<int>(plan.Source);
        var target = new List<int>(plan.Target);
        for (int span = 0, at = 0; span < plan.Spans; span++)
        {
            source.AddRange(ids.AsSpan(at, text[span]));
            source.Add(sentinels[span]);
            at += text[span];
            target.Add(sentinels[span]);
            target.AddRange(ids.AsSpan(at, noise[span]));
            at += noise[span];
        }
        return ([.. source], [.. target]);
    }
}
