using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Decoders;
using MLNet.Transformers.Models.Nn;

namespace MLNet.Transformers.Models.Glm.Glm4;

/// <summary>GLM-4's column of the table architecture × head, and GLM-4-0414's.</summary>
/// <param name="modelType"><see cref="Glm4Config.Type"/> or <see cref="Glm4Config.SandwichType"/>.</param>
/// <param name="family">What the reference's class names begin with.</param>
internal sealed class Glm4Architecture(string modelType, string family) : Architecture<Glm4Config>
{
    public override string ModelType => modelType;

    public override string BasePrefix => DecoderTable.Prefix;

    public override IReadOnlyList<HeadSpec<Glm4Config>> Heads { get; } = DecoderTable.Heads<Glm4Config>(family, spanPrefix: DecoderTable.Prefix);

    public override CheckpointNames Names { get; } = new(Renames: [], Ignored: []);

    // The GLM of 2022 has the same model type, and other keys.
    public override bool Matches(ConfigJson json) => base.Matches(json) && !json.Has("block_position_encoding") && !json.Has("max_sequence_length");

    protected override ModelConfig Defaults => new Glm4Config { HasSandwichNorms = modelType == Glm4Config.SandwichType };

    protected override Backbone CreateBackbone(Glm4Config config, HeadSpec head, Placement placement) =>
        new DecoderBackbone(config, RotaryPairs.Neighbours, head.Pooled, () => new Glm4Layer(config, placement), placement);
}
