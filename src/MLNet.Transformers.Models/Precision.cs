namespace MLNet.Transformers;

/// <summary>The number format of a network's matrix products and activations. Weights on disk, losses and statistics are float32 always.</summary>
public enum Precision
{
    /// <summary>32 bits: the reference's numbers. The default.</summary>
    Float32,

    /// <summary>
    /// 16 bits with float32's range: up to five times as fast where the processor has good instructions for it (AMD's since Zen 4, Intel's with AMX),
    /// slower elsewhere. In training, master weights stay in float32.
    /// </summary>
    BFloat16,

    /// <summary>The faster of the two on this processor, by what is known of its kind; the log says which.</summary>
    Auto,

    /// <summary>
    /// Weights of matrices in blocks of eight bits a value with a scale for each 32, activations in float32. Of a text generator on the CPU;
    /// others, and trainers, refuse it. A GGUF file's blocks stay what they are.
    /// </summary>
    Int8,

    /// <summary>As <see cref="Int8"/> with four bits a value, and eight for the table of tokens and the head's matrix: smaller, and farther from the reference's numbers.</summary>
    Int4,
}
