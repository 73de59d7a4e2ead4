namespace MLNet.Transformers.Pretraining;

/// <summary>Ids of the tokens around blanks. Those of kinds of blanks that are not drawn are not asked for.</summary>
/// <param name="Span">Stands for a short span.</param>
/// <param name="Sentence">Stands for a sentence.</param>
/// <param name="Long">Stands for a long span.</param>
/// <param name="Start">Begins what fills a blank.</param>
/// <param name="End">Ends it.</param>
/// <param name="Hidden">Stands where a token of what fills a blank is hidden from those after it; null: none is.</param>
internal sealed record BlankIds(int Span, int Sentence, int Long, int Start, int End, int? Hidden)
{
    private const string HiddenName = "[dBLOCK]";

    /// <exception cref="InvalidOperationException">The tokenizer lacks one.</exception>
    /// <exception cref="NotSupportedException">The head does not write into blanks.</exception>
    public static BlankIds Of(ObjectiveContext context, BlankInfillingObjective options)
    {
        if (context.Head.Blank is not { Masks: [string span, string sentence, string all] } names)
        {
            throw new NotSupportedException($"{context.Head.ClassName} does not write into blanks of its text, as GLM of 2022 does; choose another objective.");
        }
        double longSpans = 1 - options.SpanProbability - options.SentenceProbability;
        return new BlankIds(
            Drawn(options.SpanProbability, span), Drawn(options.SentenceProbability, sentence), Drawn(longSpans, all), Id(names.Start), Id(names.End),
            options.HiddenShare > 0 ? Id(HiddenName) : options.HiddenShare is null ? context.Tokenizer.TokenToId(HiddenName) : null);

        int Drawn(double probability, string token) => probability > 1e-9 ? Id(token) : 0;

        int Id(string token) => context.Tokenizer.TokenToId(token)
            ?? throw new InvalidOperationException($"The tokenizer has no token '{token}', which {nameof(BlankInfillingObjective)} needs as its options are.");
    }
}
