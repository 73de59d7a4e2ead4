namespace MLNet.Transformers;

public sealed partial class TransformersCatalog
{
    /// <summary>
    /// Trains a language model to classify texts as it fills a cloze (Schick and Schütze 2021; GLM, Du et al. 2022): a text is put into a pattern, each class
    /// has a text of its own, and the class counts whose text is most probable there. A GLM of 2022 fills a blank, an encoder-decoder writes, a decoder goes on.
    /// </summary>
    /// <param name="checkpoint">A checkpoint folder to fine-tune, or a config with fresh weights.</param>
    /// <param name="options">Columns, pattern, verbalizers and settings of training; null: all defaults.</param>
    /// <exception cref="ArgumentException">A value of the options is not allowed.</exception>
    /// <exception cref="NotSupportedException">The architecture has no language model that writes.</exception>
    public ClozeClassificationTrainer ClozeClassification(Checkpoint checkpoint, ClozeClassificationOptions? options = null) =>
        new(_context, checkpoint, options ?? new ClozeClassificationOptions());

    /// <summary>Classifies with a language model as it is, by a pattern and verbalizers; needs no labels and no training.</summary>
    /// <param name="checkpoint">A checkpoint folder or file with the weights of a language model.</param>
    /// <param name="options">Columns, pattern and verbalizers.</param>
    /// <exception cref="ArgumentException">A value of the options is not allowed.</exception>
    /// <exception cref="NotSupportedException">The architecture has no language model that writes.</exception>
    public ClozeClassificationEstimator ApplyClozeClassification(Checkpoint checkpoint, ApplyClozeClassificationOptions options) =>
        new(_context, checkpoint, options ?? throw new ArgumentNullException(nameof(options)));
}
