namespace MLNet.Transformers;

public sealed partial class TransformersCatalog
{
    /// <summary>Trains a classifier of texts or pairs of texts.</summary>
    /// <param name="checkpoint">A checkpoint folder to fine-tune, or a config with fresh weights.</param>
    /// <param name="options">Columns and settings of training; null: all defaults.</param>
    /// <exception cref="ArgumentException">A value of the options is not allowed.</exception>
    public SequenceClassificationTrainer SequenceClassification(Checkpoint checkpoint, SequenceClassificationOptions? options = null) =>
        new(_context, checkpoint, options ?? new SequenceClassificationOptions());

    /// <summary>Classifies with the head that a checkpoint already has; needs no labels and no training.</summary>
    /// <param name="checkpoint">A checkpoint folder with a head for sequence classification, one class of several per text.</param>
    /// <param name="options">Columns and settings; null: all defaults.</param>
    /// <exception cref="NotSupportedException">The checkpoint's head is for regression or several labels per text.</exception>
    public SequenceClassificationEstimator ApplySequenceClassification(Checkpoint checkpoint, ApplySequenceClassificationOptions? options = null) =>
        new(_context, checkpoint, options ?? new ApplySequenceClassificationOptions());
}
