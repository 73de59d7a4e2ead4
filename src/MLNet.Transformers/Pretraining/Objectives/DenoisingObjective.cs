using MLNet.Transformers.Models;
using MLNet.Transformers.Pretraining;
using MLNet.Transformers.Pretraining.Noises;

namespace MLNet.Transformers;

/// <summary>
/// BART's objective: a text is written as it was, given what noise has left of it (Lewis et al. 2020, §2.2). There are five noises, each with its share, which are
/// applied one after the other: sentence permutation, text infilling, token masking, token deletion, document rotation. The defaults are the final recipe of the
/// paper (§4): all sentences permuted, and text infilling.
/// </summary>
/// <remarks>
/// As fairseq's denoising_dataset.py does it, where it differs from the paper: 30 % is a budget of words, not of tokens, and spans that overlap use less of
/// it; spans are of whole words; rotation leaves a text as it was twice as often as the paper's. Sentences end where the text's own punctuation ends them, in
/// Chinese, too. The paper's last tenth of steps is without dropout: <see cref="PretrainingOptions.DropoutFreeShare"/> is 0.1.
/// </remarks>
public sealed class DenoisingObjective : PretrainingObjective
{
    /// <summary>Share of the words that are replaced by masks, a span at a time, 0 to 1: text infilling.</summary>
    /// <value>0.3.</value>
    public double InfilledShare { get; set; } = 0.3;

    /// <summary>Mean length of a span of text infilling in words, 0.5 to 50: λ of a Poisson distribution. A span of no words inserts a mask.</summary>
    /// <value>3.</value>
    public double MeanSpanLength { get; set; } = 3;

    /// <summary>Whether text infilling hides whole words. False: tokens, as if each were a word.</summary>
    /// <value>true.</value>
    public bool WholeWords { get; set; } = true;

    /// <summary>Share of a text's sentences that change places with each other, 0 to 1: sentence permutation.</summary>
    /// <value>1.</value>
    public double PermutedShare { get; set; } = 1;

    /// <summary>Share of a text's tokens that are replaced by a mask each, 0 to 1: token masking.</summary>
    /// <value>0.</value>
    public double MaskedShare { get; set; }

    /// <summary>Share of a text's tokens that are left out, 0 to 1: token deletion.</summary>
    /// <value>0.</value>
    public double DeletedShare { get; set; }

    /// <summary>Share of the texts that begin at another token, behind which they go on from their first: document rotation. 0 to 1.</summary>
    /// <value>0.</value>
    public double RotatedShare { get; set; }

    /// <summary>How often a random token is put where a mask would be, 0 to 1 (fairseq's <c>mask-random</c>).</summary>
    /// <value>0.</value>
    public double RandomTokenShare { get; set; }

    internal override HeadKind Head => HeadKind.SequenceToSequence;

    internal override ITextObjective Create(ObjectiveContext context)
    {
        var noises = Noises(context);
        string identity = FormattableString.Invariant(
            $"denoising|{InfilledShare:R}|{MeanSpanLength:R}|{WholeWords}|{PermutedShare:R}|{MaskedShare:R}|{DeletedShare:R}|{RotatedShare:R}|{RandomTokenShare:R}");
        return new CorruptedText(context, identity, length => new BlockShape(length) { WholeSentences = true }, (block, random) => (
            noises.Aggregate(PermutedShare > 0 ? SentencePermutation.Apply(block.Ids, block.SentenceEnds, PermutedShare, random) : block.Ids, (ids, noise) => noise(ids, random)),
            block.Ids));
    }

    private protected override void Validate()
    {
        (double Share, string Name)[] shares =
        [
            (InfilledShare, nameof(InfilledShare)), (PermutedShare, nameof(PermutedShare)), (MaskedShare, nameof(MaskedShare)), (DeletedShare, nameof(DeletedShare)),
            (RotatedShare, nameof(RotatedShare)),
        ];
        foreach ((double share, string name) in shares)
        {
            Check.Between(share, 0, 1, name);
        }
        Check.Between(RandomTokenShare, 0, 1, nameof(RandomTokenShare));
        Check.Between(MeanSpanLength, 0.5, 50, nameof(MeanSpanLength));
        if (shares.All(item => item.Share == 0))
        {
            throw new ArgumentException($"There is no noise: {string.Join(", ", shares.Select(item => item.Name))} are all 0; set one of them.");
        }
    }

    // Infilling comes first, for it looks for words.
    private List<Func<int[], Random, int[]>> Noises(ObjectiveContext context)
    {
        var noises = new List<Func<int[], Random, int[]>>();
        if (InfilledShare > 0)
        {
            SpanLengths lengths = SpanLengths.OfInfilling(MeanSpanLength);
            MaskTokens masks = Masks(context);
            WordStarts? words = WholeWords ? WordStarts.Of(context.Tokenizer) : null;
            noises.Add((ids, random) => TextInfilling.Apply(ids, words?.In(ids) ?? [.. ids.Select((_, place) => (place, place + 1))], InfilledShare, lengths, masks, random));
        }
        if (MaskedShare > 0)
        {
            MaskTokens masks = Masks(context);
            noises.Add((ids, random) => TokenMasking.Apply(ids, MaskedShare, masks, random));
        }
        if (DeletedShare > 0)
        {
            noises.Add((ids, random) => TokenDeletion.Apply(ids, DeletedShare, random));
        }
        if (RotatedShare > 0)
        {
            noises.Add((ids, random) => DocumentRotation.Apply(ids, RotatedShare, random));
        }
        return noises;
    }

    private MaskTokens Masks(ObjectiveContext context) => new(
        context.Tokenizer.MaskTokenId ?? throw new InvalidOperationException(
            $"The tokenizer has no mask token, which {nameof(InfilledShare)} and {nameof(MaskedShare)} hide tokens behind; set both to 0, or give a tokenizer that has one."),
        Math.Min(context.Tokenizer.MaxId + 1, context.Config.VocabularySize), RandomTokenShare);
}
