namespace MLNet.Transformers;

public sealed partial class TransformersCatalog
{
    /// <summary>
    /// Classifies texts into labels that no network was trained for. A network that was trained on entailment says of each label how surely a sentence about
    /// it follows from the text (Yin et al. 2019; reference: the pipeline "zero-shot-classification").
    /// </summary>
    /// <param name="checkpoint">A checkpoint folder with a head for entailment: one of its classes in <c>id2label</c> begins with "entail", in any case.</param>
    /// <param name="labels">The labels, at least one; the more they read like words of the text, the better.</param>
    /// <param name="template">The sentence about a label, which stands in place of {}; in the language of the texts.</param>
    /// <param name="options">Columns and settings; null: all defaults.</param>
    /// <exception cref="ArgumentException">There is no label, one is empty or given twice, or the template has no place for it; or a value of the options is not allowed.</exception>
    /// <exception cref="NotSupportedException">The checkpoint's head is not for entailment.</exception>
    public ZeroShotClassificationEstimator ApplyZeroShotClassification(
        Checkpoint checkpoint, IReadOnlyList<string> labels, string template = "This example is {}.", ApplyZeroShotClassificationOptions? options = null) =>
        new(_context, checkpoint, labels, template, options ?? new ApplyZeroShotClassificationOptions());
}
