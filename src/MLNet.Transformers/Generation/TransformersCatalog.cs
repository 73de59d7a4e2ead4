namespace MLNet.Transformers;

public sealed partial class TransformersCatalog
{
    /// <summary>Loads a checkpoint that writes text. Log, seed, cancellation and GPU device are those of the <see cref="Microsoft.ML.MLContext"/>.</summary>
    /// <param name="checkpoint">A checkpoint folder or file with the weights of a language model.</param>
    /// <param name="options">Settings; null: all defaults.</param>
    /// <exception cref="ArgumentException">A value of the options is not allowed.</exception>
    /// <exception cref="Models.CheckpointException">The weights are missing or do not fit, or the checkpoint asks for a way of generation that is not supported.</exception>
    /// <exception cref="NotSupportedException">The architecture has no decoder with a language-model head.</exception>
    /// <exception cref="InvalidOperationException">The checkpoint has no weights, or the GPU device is not there.</exception>
    public TextGenerator TextGenerator(Checkpoint checkpoint, TextGeneratorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        return MLNet.Transformers.TextGenerator.Load(_context, checkpoint, options ?? new TextGeneratorOptions());
    }
}
