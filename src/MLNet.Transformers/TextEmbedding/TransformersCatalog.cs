using MLNet.Transformers.Models;

namespace MLNet.Transformers;

public sealed partial class TransformersCatalog
{
    /// <summary>
    /// Makes a vector of each text, as features for ML.NET's own trainers, clustering or search: a column of known width, that of the network. A folder of
    /// sentence-transformers says itself how (modules.json, 1_Pooling, 2_Normalize, sentence_bert_config.json); of other checkpoints it is the mean of
    /// the last layer's vectors, not normalised.
    /// </summary>
    /// <param name="checkpoint">A checkpoint folder or file; a head that it has is not used, and of a T5 the encoder alone is.</param>
    /// <param name="options">Columns and settings; null: all defaults.</param>
    /// <exception cref="ArgumentException">A value of the options is not allowed.</exception>
    /// <exception cref="CheckpointException">The folder asks for a way to make vectors that is not known.</exception>
    public TextEmbeddingEstimator TextEmbedding(Checkpoint checkpoint, TextEmbeddingOptions? options = null) =>
        new(_context, checkpoint, options ?? new TextEmbeddingOptions());
}
