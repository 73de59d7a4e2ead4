using MLNet.Transformers.Models;

namespace MLNet.Transformers;

/// <summary>The way to hidden states, as for sentence vectors or to look into a network.</summary>
public static class HiddenStateExtensions
{
    /// <summary>Loads a checkpoint's network without its head, on the device of the context.</summary>
    /// <param name="catalog"><c>mlContext.Transformers()</c>.</param>
    /// <param name="checkpoint">A checkpoint folder or file; a head that it has is not used.</param>
    /// <param name="precision">Number format of the computation.</param>
    /// <exception cref="CheckpointException">The weights are missing or do not fit config.json.</exception>
    /// <exception cref="NotSupportedException">The architecture has no class without a head.</exception>
    public static HiddenStateNetwork LoadNetwork(this TransformersCatalog catalog, Checkpoint checkpoint, Precision precision = Precision.Float32)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new HiddenStateNetwork(catalog.Context, checkpoint, precision);
    }
}
