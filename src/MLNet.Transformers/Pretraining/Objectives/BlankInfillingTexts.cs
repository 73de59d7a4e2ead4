using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Losses;
using MLNet.Transformers.Pretraining.Noises;
using MLNet.Transformers.Training;
using static TorchSharp.torch;

namespace MLNet.Transformers.Pretraining;

/// <summary>Learns what <see cref="BlankInfillingObjective"/> says.</summary>
internal sealed class BlankInfillingTexts : ITextObjective
{
    private readonly BlankInfillingObjective _options;
    private readonly SpanLengths _lengths;
    private readonly BlankIds _ids;
    private readonly int[] _front;

    /// <param name="context">What it is made for.</param>
    /// <param name="options">Checked options.</param>
    /// <param name="identity">As <see cref="Identity"/>.</param>
    /// <exception cref="InvalidOperationException">The tokenizer lacks a token that the options need, or sequences are to be too short.</exception>
    /// <exception cref="NotSupportedException">The head does not write into blanks.</exception>
    public BlankInfillingTexts(ObjectiveContext context, BlankInfillingObjective options, string identity)
    {
        (_options, Identity) = (options, identity);
        _ids = BlankIds.Of(context, options);
        _lengths = SpanLengths.OfBlanks(options.MeanSpanLength);
        _front = context.Tokenizer.ClassTokenId is { } first ? [first] : [];
        Blocks = new BlockShape(context.Room(_front.Length)) { Shortest = 2, WholeSentences = true };
    }

    public string Identity { get; }

    public BlockShape Blocks { get; }

    public LabelledBatch Prepare(IReadOnlyList<TextBlock> features, NetworkInputs inputs, Random random) => Batch(Draw(features, random), inputs);

    /// <summary>Draws what kind of blanks a batch has, and the blanks of each of its texts.</summary>
    public BlankedText[] Draw(IReadOnlyList<TextBlock> features, Random random)
    {
        IReadOnlyList<TextBlock> texts = random.NextDouble() < _options.ShortTextProbability ? ShortTexts.Of(features, Blocks.Length, random) : features;
        double kind = random.NextDouble();
        return kind < _options.SpanProbability ? [.. texts.Select(text => Spans(text, random))]
            : kind < _options.SpanProbability + _options.SentenceProbability
                ? [.. texts.Select(text => Blanked(text, BlankSpans.Sentences(text.SentenceEnds, _options.SentenceShare, random), _ids.Sentence, _ids.End))]
                : LongSpans(texts, random);
    }

    /// <summary>A batch of texts with what fills their blanks.</summary>
    public static LabelledBatch Batch(IReadOnlyList<BlankedText> texts, NetworkInputs inputs)
    {
        TokenBatch batch = inputs.Pad([.. texts.Select(text => new TokenSequence(text.Ids))]);
        var positions = new long[texts.Count * 2 * batch.Length];
        for (int row = 0; row < texts.Count; row++)
        {
            Array.ConvertAll(texts[row].Places, place => (long)place).CopyTo(positions, row * 2 * batch.Length);
            Array.ConvertAll(texts[row].BlankPlaces, place => (long)place).CopyTo(positions, (row * 2 + 1) * batch.Length);
        }
        // Padding stands behind all tokens, which see only what is before them, or in part A.
        batch = batch with
        {
            Mask = inputs.Labels(texts.Select(text => text.Seen)),
            Positions = tensor(positions, [texts.Count, 2, batch.Length], device: inputs.Network.Device),
        };
        var labels = new HeadLabels(inputs.Labels([.. texts.Select(text => text.Labels)]));
        return new LabelledBatch(batch, HeadLoss.Terms(inputs.Network, batch, labels));
    }

    private BlankedText Spans(TextBlock text, Random random)
    {
        TokenSpan[] spans = BlankSpans.Short(text.Ids.Length, _options.SpanShare, _lengths, random);
        random.Shuffle(spans);
        BlankedText blanked = Blanked(text, spans, _ids.Span, _ids.End);
        return _ids.Hidden is { } hidden ? blanked.Hide(_options.HiddenShare ?? BlankInfillingObjective.PublishedHiddenShare, hidden, random) : blanked;
    }

    // Where the blank is at the end, the text may have gone on behind it: nothing ends what fills it.
    private BlankedText[] LongSpans(IReadOnlyList<TextBlock> texts, Random random)
    {
        int drawn = BlankSpans.LongLength(texts.Min(text => text.Ids.Length), texts.Max(text => text.Ids.Length), _options.LongSpanLeastShare, random);
        return
        [
            .. texts.Select(text =>
            {
                int tokens = text.Ids.Length, length = Math.Min(drawn, tokens - 1);
                return random.NextDouble() < _options.LongSpanAtEndProbability
                    ? Blanked(text, [new TokenSpan(tokens - length, tokens)], _ids.Long, end: null)
                    : Blanked(text, BlankSpans.Within(tokens, length, random), _ids.Long, _ids.End);
            }),
        ];
    }

    private BlankedText Blanked(TextBlock text, TokenSpan[] spans, int blank, int? end) => BlankedText.Of(
        [.. _front, .. text.Ids], Array.ConvertAll(spans, span => new TokenSpan(span.Start + _front.Length, span.End + _front.Length)), blank, _ids.Start, end);
}
