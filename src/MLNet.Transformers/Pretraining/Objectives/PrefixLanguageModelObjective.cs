using MLNet.Transformers.Models;
using MLNet.Transformers.Pretraining;
using MLNet.Transformers.Pretraining.Noises;

namespace MLNet.Transformers;

/// <summary>The beginning of a text is read and the rest is written (Raffel et al. 2020, §3.3.1). How much is read is uniform between one token and all but one (T5's preprocessors.py, <c>prefix_lm</c>).</summary>
public sealed class PrefixLanguageModelObjective : PretrainingObjective
{
    internal override HeadKind Head => HeadKind.SequenceToSequence;

    internal override ITextObjective Create(ObjectiveContext context) => new CorruptedText(
        context, "prefix language model", length => new BlockShape(length) { Shortest = 2 }, (block, random) => PrefixSplit.Apply(block.Ids, random));

    private protected override void Validate()
    {
    }
}
