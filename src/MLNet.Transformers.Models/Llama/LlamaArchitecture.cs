using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Decoders;
using MLNet.Transformers.Models.Nn;

namespace MLNet.Transformers.Models.Llama;

/// <summary>LLaMA's column of the table architecture × head (reference: modeling_llama.py).</summary>
internal sealed class LlamaArchitecture : Architecture<LlamaConfig>
{
    public override string ModelType => LlamaConfig.Type;

    public override string BasePrefix => DecoderTable.Prefix;

    public override IReadOnlyList<HeadSpec<LlamaConfig>> Heads { get; } = DecoderTable.Heads<LlamaConfig>("Llama", spanPrefix: "transformer");

    // inv_freq: a buffer that older releases saved in each layer.
    public override CheckpointNames Names { get; } = new(Renames: [], Ignored: [@"(^|\.)rotary_emb\.inv_freq$"]);

    protected override ModelConfig Defaults => new LlamaConfig();

    protected override Backbone CreateBackbone(LlamaConfig config, HeadSpec head, Placement placement) =>
        new DecoderBackbone(config, RotaryPairs.Halves, head.Pooled, () => new LlamaLayer(config, placement), placement);
}
