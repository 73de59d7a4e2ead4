using MLNet.Transformers.Models;

namespace MLNet.Transformers;

public sealed partial class TransformersCatalog
{
    /// <summary>Loads a checkpoint's network without its head, on the device of the context: for its hidden states, as for vectors of sentences.</summary>
    /// <param name="checkpoint">A checkpoint folder or file; a head that it has is not used.</param>
    /// <param name="precision">Number format of the computation.</param>
    /// <exception cref="CheckpointException">The weights are missing or do not fit config.json.</exception>
    /// <exception cref="NotSupportedException">The architecture has no class without a head.</exception>
    public HiddenStateNetwork LoadNetwork(Checkpoint checkpoint, Precision precision = Precision.Float32) => new(_context, checkpoint, precision);
}
