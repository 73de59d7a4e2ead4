using MLNet.Transformers.Models;

namespace MLNet.Transformers;

public sealed partial class TransformersCatalog
{
    /// <summary>
    /// Trains a network whose vectors of two texts are as alike as the texts, by the squared error of their cosine (Reimers and Gurevych 2019, §3). Each text is
    /// read by itself, so that vectors can be kept and compared with many others; a network that reads both at once, as
    /// <see cref="SequenceClassification"/> trains it with a label of numbers, is more exact and compares only what it reads.
    /// </summary>
    /// <param name="checkpoint">A checkpoint folder to fine-tune, or a config with fresh weights. A head that it has is not used.</param>
    /// <param name="options">Columns and settings of training; null: all defaults.</param>
    /// <exception cref="ArgumentException">A value of the options is not allowed.</exception>
    /// <exception cref="CheckpointException">The folder asks for a way to make vectors that is not known.</exception>
    public SentenceSimilarityTrainer SentenceSimilarity(Checkpoint checkpoint, SentenceSimilarityOptions? options = null) =>
        new(_context, checkpoint, options ?? new SentenceSimilarityOptions());

    /// <summary>Says how alike two texts are, by the cosine of a network's vectors of them, made as <see cref="TextEmbedding"/> makes them; needs no labels and no training.</summary>
    /// <param name="checkpoint">A checkpoint folder or file, such as one of sentence-transformers.</param>
    /// <param name="options">Columns and settings; null: all defaults.</param>
    /// <exception cref="ArgumentException">A value of the options is not allowed.</exception>
    /// <exception cref="CheckpointException">The folder asks for a way to make vectors that is not known.</exception>
    public SentenceSimilarityEstimator ApplySentenceSimilarity(Checkpoint checkpoint, ApplySentenceSimilarityOptions? options = null) =>
        new(_context, checkpoint, options ?? new ApplySentenceSimilarityOptions());
}
