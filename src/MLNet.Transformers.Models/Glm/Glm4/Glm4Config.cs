using MLNet.Transformers.Models.Decoders;

namespace MLNet.Transformers.Models.Glm.Glm4;

/// <summary>
/// GLM-4's config.json as Transformers writes it; defaults are those of glm-4-9b (reference: configuration_glm.py and configuration_glm4.py).
/// </summary>
public sealed record Glm4Config : DecoderConfig
{
    internal const string Type = "glm";
    internal const string SandwichType = "glm4";

    /// <summary>A config with the reference's defaults.</summary>
    public Glm4Config()
    {
        Layers = 40;
        KeyValueHeads = 2;
        HeadWidth = 128;
        IntermediateSize = 13696;
        AttentionBias = true;
        MaxPositions = 131072;
        RmsNormEpsilon = 1.5625e-7;
        PadTokenId = 151329;
        Rotary = RotarySettings.Default(partial: 0.5);
    }

    /// <inheritdoc/>
    public override string ModelType => HasSandwichNorms ? SandwichType : Type;

    /// <inheritdoc/>
    public override int VocabularySize { get; init; } = 151552;

    /// <inheritdoc/>
    public override int HiddenSize { get; init; } = 4096;

    /// <summary>
    /// Whether what attention and feed-forward part give is normalised, too, before it is added: GLM-4-0414 (<c>model_type</c> glm4), not GLM-4 (glm).
    /// </summary>
    public bool HasSandwichNorms { get; init; }
}
