using MLNet.Transformers.Models;
using MLNet.Transformers.Pretraining;

namespace MLNet.Transformers;

/// <summary>
/// GLM's objective: blanks of a text are filled one after the other, in random order (Du et al. 2022, §2.1 and §2.2). A batch has blanks of one kind, which is
/// drawn: short spans ([MASK]), whole sentences ([sMASK]), or one long span of each text ([gMASK]). Texts are read behind the tokenizer's [CLS]. For networks that
/// write into blanks: the GLM of 2022.
/// </summary>
/// <remarks>
/// Mixture and lengths are those of the code (THUDM/GLM: blocklm_utils.py, ds_block_10B.sh), which differ from the paper: a long span has a quarter of the text or
/// more, where the paper has a half; half of the long spans are at the end, with no end token, for the text may go on; short spans have 1 to 39 tokens, and the last
/// one may go beyond the share. Documents stand by themselves, where the code puts several into one text.
/// </remarks>
public sealed class BlankInfillingObjective : PretrainingObjective
{
    internal const double PublishedHiddenShare = 0.1;

    /// <summary>How often a batch has short spans as blanks, 0 to 1 (<c>bert_prob</c>).</summary>
    /// <value>0.5.</value>
    public double SpanProbability { get; set; } = 0.5;

    /// <summary>How often a batch has sentences as blanks, 0 to 1; what is left to 1 have long spans (<c>gap_sentence_prob</c>).</summary>
    /// <value>0.3.</value>
    public double SentenceProbability { get; set; } = 0.3;

    /// <summary>Share of a text's tokens that short spans reach together, above 0 and at most 1 (<c>bert_ratio</c>). Between two spans is at least one token.</summary>
    /// <value>0.15.</value>
    public double SpanShare { get; set; } = 0.15;

    /// <summary>λ of the Poisson distribution of the length of short spans, 0.5 to 39; lengths are 1 to 39 (<c>avg_block_length</c>).</summary>
    /// <value>3.</value>
    public double MeanSpanLength { get; set; } = 3;

    /// <summary>Share of a text's tokens that sentences reach together, above 0 and at most 1 (<c>gap_sentence_ratio</c>).</summary>
    /// <value>0.15.</value>
    public double SentenceShare { get; set; } = 0.15;

    /// <summary>Share of the batch's shortest text that a long span has at least, 0 to 1; its length is uniform up to all tokens of the longest but one (<c>gpt_min_ratio</c>).</summary>
    /// <value>0.25.</value>
    public double LongSpanLeastShare { get; set; } = 0.25;

    /// <summary>How often a long span is at the end of its text, 0 to 1; otherwise it is anywhere (<c>gpt_infill_prob</c>).</summary>
    /// <value>0.5.</value>
    public double LongSpanAtEndProbability { get; set; } = 0.5;

    /// <summary>
    /// How often a token that was filled into a short span is hidden behind [dBLOCK] from the tokens after it, 0 to 1 (<c>block_mask_prob</c>). Null: 0.1 where
    /// the tokenizer has [dBLOCK], which published ones have not, else 0.
    /// </summary>
    /// <value>null.</value>
    public double? HiddenShare { get; set; }

    /// <summary>How often a batch has shorter texts, which are cut out of those that it would have, 0 to 1 (<c>short_seq_prob</c>).</summary>
    /// <value>0.02.</value>
    public double ShortTextProbability { get; set; } = 0.02;

    internal override HeadKind Head => HeadKind.CausalLanguageModel;

    internal override ITextObjective Create(ObjectiveContext context) => new BlankInfillingTexts(context, this, FormattableString.Invariant(
        $"blank infilling|{SpanProbability:R}|{SentenceProbability:R}|{SpanShare:R}|{MeanSpanLength:R}|{SentenceShare:R}|{LongSpanLeastShare:R}|{LongSpanAtEndProbability:R}|{HiddenShare:R}|{ShortTextProbability:R}"));

    private protected override void Validate()
    {
        Check.Between(SpanProbability, 0, 1, nameof(SpanProbability));
        Check.Between(SentenceProbability, 0, 1, nameof(SentenceProbability));
        if (SpanProbability + SentenceProbability > 1 + 1e-9)
        {
            throw new ArgumentException(
                $"{nameof(SpanProbability)} ({SpanProbability}) and {nameof(SentenceProbability)} ({SentenceProbability}) are more than 1 together.", nameof(SentenceProbability));
        }
        Check.Between(SpanShare, double.Epsilon, 1, nameof(SpanShare));
        Check.Between(MeanSpanLength, 0.5, 39, nameof(MeanSpanLength));
        Check.Between(SentenceShare, double.Epsilon, 1, nameof(SentenceShare));
        Check.Between(LongSpanLeastShare, 0, 1, nameof(LongSpanLeastShare));
        Check.Between(LongSpanAtEndProbability, 0, 1, nameof(LongSpanAtEndProbability));
        Check.Between(HiddenShare ?? 0, 0, 1, nameof(HiddenShare));
        Check.Between(ShortTextProbability, 0, 1, nameof(ShortTextProbability));
    }
}
