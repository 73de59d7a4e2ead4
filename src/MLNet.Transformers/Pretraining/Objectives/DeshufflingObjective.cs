using MLNet.Transformers.Models;
using MLNet.Transformers.Pretraining;
using MLNet.Transformers.Pretraining.Noises;

namespace MLNet.Transformers;

/// <summary>A text is written, given its tokens in random order (Raffel et al. 2020, §3.3.1, after Liu et al. 2019; T5's all_permute.gin).</summary>
public sealed class DeshufflingObjective : PretrainingObjective
{
    internal override HeadKind Head => HeadKind.SequenceToSequence;

    internal override ITextObjective Create(ObjectiveContext context) => new CorruptedText(
        context, "deshuffling", length => new BlockShape(length) { Shortest = 2 }, (block, random) => Deshuffling.Apply(block.Ids, random));

    private protected override void Validate()
    {
    }
}
