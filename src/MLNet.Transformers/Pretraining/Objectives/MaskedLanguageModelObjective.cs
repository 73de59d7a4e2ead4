using MLNet.Transformers.Models;
using MLNet.Transformers.Pretraining;

namespace MLNet.Transformers;

/// <summary>
/// Some tokens are to be guessed: most of them are hidden behind the mask token, some replaced by another one, some left as they are (Devlin et al. 2019,
/// §3.1; google-research/bert, create_pretraining_data.py). Special tokens are never chosen.
/// </summary>
public sealed class MaskedLanguageModelObjective : PretrainingObjective
{
    /// <summary>Share of a sequence's tokens, special tokens counted, that are to be guessed, above 0 and at most 1; at least one is.</summary>
    /// <value>0.15.</value>
    public double MaskedShare { get; set; } = 0.15;

    /// <summary>Most tokens of a sequence that are to be guessed, at least 1 (max_predictions_per_seq; the code's default is 20, for sequences of 128). Null: no limit.</summary>
    /// <value>null.</value>
    public int? MostPredictions { get; set; }

    /// <summary>Whether words are chosen as wholes; how many tokens are chosen stays the same, and a word that has more is passed over.</summary>
    /// <value>false.</value>
    public bool WholeWords { get; set; }

    /// <summary>
    /// Whether sequences are pairs, and it is learnt besides whether the second text follows the first, as BERT does: half of the time it is of another
    /// document. False: sequences are filled with whole sentences of one document or several, as RoBERTa's are (Liu et al. 2019, §4.2, full sentences).
    /// </summary>
    /// <value>false.</value>
    public bool NextSentence { get; set; }

    /// <summary>Of pairs, the share that is shorter than it could be, by a length that is drawn from 2 tokens on, 0 to 1 (short_seq_prob).</summary>
    /// <value>0.1.</value>
    public double ShortShare { get; set; } = 0.1;

    internal override HeadKind Head => NextSentence ? HeadKind.Pretraining : HeadKind.MaskedLanguageModel;

    internal override ITextObjective Create(ObjectiveContext context) => NextSentence ? new NextSentence(context, this) : new MaskedLanguageModel(context, this);

    private protected override void Validate()
    {
        Check.Between(MaskedShare, double.Epsilon, 1, nameof(MaskedShare));
        Check.AtLeast(MostPredictions, 1, nameof(MostPredictions));
        Check.Between(ShortShare, 0, 1, nameof(ShortShare));
    }
}
