namespace MLNet.Transformers;

/// <summary>The number format of a network's matrix products and activations. Weights on disk, losses and statistics are float32 always.</summary>
public enum Precision
{
    /// <summary>32 bits: the reference's numbers. The default.</summary>
    Float32,

    /// <summary>16 bits with float32's range: four to five times as fast where the processor has instructions for it, slower where it has not. In training, master weights stay in float32.</summary>
    BFloat16,

    /// <summary>The faster of the two on this processor.</summary>
    Auto,
}
