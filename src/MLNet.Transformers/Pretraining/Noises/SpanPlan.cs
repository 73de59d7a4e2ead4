namespace MLNet.Transformers.Pretraining.Noises;

/// <summary>How many of a text's tokens become noise, and in how many spans: numbers that depend on its length alone (T5's <c>random_spans_noise_mask</c>).</summary>
/// <param name="Tokens">Tokens of the text, at least 2.</param>
/// <param name="Noise">Of these noise.</param>
/// <param name="Spans">Spans of noise, and as many of text before them.</param>
internal readonly record struct SpanPlan(int Tokens, int Noise, int Spans)
{
    /// <summary>Tokens that are read: the text's, a sentinel for each span of noise, the end.</summary>
    public int Source => Tokens - Noise + Spans + 1;

    /// <summary>Tokens that are written: the noise, a sentinel for each span of text, the end.</summary>
    public int Target => Noise + Spans + 1;

    /// <summary>The plan of a text. Where text or noise have fewer tokens than there were to be spans, there are fewer spans: the code stops with an error there.</summary>
    /// <param name="tokens">Its tokens, at least 2.</param>
    /// <param name="density">Share that becomes noise.</param>
    /// <param name="meanLength">Mean length of a span of noise.</param>
    public static SpanPlan Of(int tokens, double density, double meanLength)
    {
        int noise = Math.Clamp((int)Math.Round(tokens * density), 1, tokens - 1);
        int spans = Math.Clamp((int)Math.Round(noise / meanLength), 1, Math.Min(noise, tokens - noise));
        return new SpanPlan(tokens, noise, spans);
    }

    /// <summary>The plan of the longest text of which no more tokens are read, or written, than fit (<c>random_spans_helper</c>, which has no limit on what is written).</summary>
    /// <param name="most">Most tokens of source and target, each with its end token.</param>
    /// <param name="density">As in <see cref="Of"/>.</param>
    /// <param name="meanLength">As in <see cref="Of"/>.</param>
    /// <returns>A plan of no tokens where a text of 2 does not fit.</returns>
    public static SpanPlan Filling(int most, double density, double meanLength)
    {
        SpanPlan plan = default;
        for (SpanPlan next = Of(2, density, meanLength); next.Source <= most && next.Target <= most; next = Of(next.Tokens + 1, density, meanLength))
        {
            plan = next;
        }
        return plan;
    }
}
