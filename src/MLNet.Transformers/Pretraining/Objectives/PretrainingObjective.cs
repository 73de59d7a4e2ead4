using System.Text.Json.Serialization;
using MLNet.Transformers.Models;
using MLNet.Transformers.Pretraining;

namespace MLNet.Transformers;

/// <summary>
/// What a network learns of plain text. Each objective is usable on every architecture that has its head; noise is drawn from the seed and the number of
/// the step, so that two trainings are equal, and a resumed one, too, while no two epochs are.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "objective")]
[JsonDerivedType(typeof(CausalLanguageModelObjective), "causal language model")]
[JsonDerivedType(typeof(MaskedLanguageModelObjective), "masked language model")]
[JsonDerivedType(typeof(DenoisingObjective), "denoising")]
[JsonDerivedType(typeof(SpanCorruptionObjective), "span corruption")]
[JsonDerivedType(typeof(PrefixLanguageModelObjective), "prefix language model")]
[JsonDerivedType(typeof(DeshufflingObjective), "deshuffling")]
[JsonDerivedType(typeof(BlankInfillingObjective), "blank infilling")]
public abstract class PretrainingObjective
{
    private protected PretrainingObjective()
    {
    }

    /// <summary>The head that learns.</summary>
    internal abstract HeadKind Head { get; }

    /// <summary>A copy whose options are checked.</summary>
    /// <exception cref="ArgumentException">An option is not allowed.</exception>
    internal PretrainingObjective Checked()
    {
        var copy = (PretrainingObjective)MemberwiseClone();
        copy.Validate();
        return copy;
    }

    /// <summary>Makes what the training loop learns.</summary>
    /// <exception cref="InvalidOperationException">The tokenizer lacks a token that the objective needs, or sequences are to be too short for it.</exception>
    /// <exception cref="NotSupportedException">The head does not read what the objective makes.</exception>
    internal abstract ITextObjective Create(ObjectiveContext context);

    private protected abstract void Validate();
}
