using MLNet.Transformers.Models;
using MLNet.Transformers.Pretraining;

namespace MLNet.Transformers;

/// <summary>
/// Each token is guessed from those before it, and all count (Radford et al. 2018; LLaMA, Touvron et al. 2023, §2). Documents follow each other in
/// blocks that are full, each behind the tokens that the tokenizer puts in front of a text, with its end token behind it.
/// </summary>
public sealed class CausalLanguageModelObjective : PretrainingObjective
{
    /// <summary>Whether tokens see the documents that stand before theirs in a block, as GPT-2 and LLaMA were trained. False: each sees its own document alone, as if it were read by itself.</summary>
    /// <value>false.</value>
    public bool AttendsAcrossDocuments { get; set; }

    internal override HeadKind Head => HeadKind.CausalLanguageModel;

    internal override ITextObjective Create(ObjectiveContext context) => new CausalLanguageModel(context, AttendsAcrossDocuments);

    private protected override void Validate()
    {
    }
}
