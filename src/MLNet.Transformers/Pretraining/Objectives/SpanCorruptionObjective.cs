using MLNet.Transformers.Models;
using MLNet.Transformers.Pretraining;
using MLNet.Transformers.Pretraining.Noises;
using MLNet.Transformers.Text;

namespace MLNet.Transformers;

/// <summary>
/// T5's objective: spans of a text are replaced by sentinels, and written behind them (Raffel et al. 2020, §3.3.4; preprocessors.py). Documents follow each
/// other without anything between them, in blocks just so long that what is read fills the longest sequence: nothing is padded. For 512 tokens read, blocks are of
/// 568 tokens, of which 85 in 28 spans are noise, and 114 tokens are written.
/// </summary>
/// <remarks>
/// Sentinels are the tokenizer's <c>&lt;extra_id_0&gt;</c>, <c>&lt;extra_id_1&gt;</c>, …, whose ids descend from the end of T5's vocabulary. As in the code, the end token
/// alone closes what is written, where figure 2 of the paper has one more sentinel. T5 1.1 was pretrained without dropout:
/// <see cref="PretrainingOptions.DropoutFreeShare"/> is 1.
/// </remarks>
public sealed class SpanCorruptionObjective : PretrainingObjective
{
    /// <summary>Share of a text's tokens that are noise, above 0 and at most 0.99.</summary>
    /// <value>0.15.</value>
    public double NoiseDensity { get; set; } = 0.15;

    /// <summary>Mean length of a span of noise, at least 1.</summary>
    /// <value>3.</value>
    public double MeanSpanLength { get; set; } = 3;

    internal override HeadKind Head => HeadKind.SequenceToSequence;

    internal override ITextObjective Create(ObjectiveContext context)
    {
        int[] sentinels = Sentinels.Of(context.Tokenizer, context.Config);
        return new CorruptedText(
            context, FormattableString.Invariant($"span corruption|{NoiseDensity:R}|{MeanSpanLength:R}"), Blocks,
            (block, random) => SpanCorruption.Apply(block.Ids, SpanPlan.Of(block.Ids.Length, NoiseDensity, MeanSpanLength), sentinels, random));

        BlockShape Blocks(int room)
        {
            // The plan counts the end token.
            SpanPlan full = SpanPlan.Filling(room + 1, NoiseDensity, MeanSpanLength);
            return sentinels.Length >= full.Spans
                ? new BlockShape(full.Tokens) { Packed = true, Shortest = 2 }
                : throw new InvalidOperationException(
                    $"The tokenizer has {sentinels.Length} sentinel tokens (<extra_id_0>, <extra_id_1>, …), but a block of {full.Tokens} tokens has {full.Spans} spans of noise: "
                    + $"give a tokenizer that has more, a lower MaxTokens or {nameof(NoiseDensity)}, or a higher {nameof(MeanSpanLength)}.");
        }
    }

    private protected override void Validate()
    {
        Check.Between(NoiseDensity, double.Epsilon, 0.99, nameof(NoiseDensity));
        Check.Between(MeanSpanLength, 1, double.MaxValue, nameof(MeanSpanLength));
    }
}
