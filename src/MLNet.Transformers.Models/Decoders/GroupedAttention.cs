using MLNet.Transformers.Models.Nn;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Decoders;

/// <summary>Self-attention with rotary positions, whose key heads may be shared.</summary>
internal sealed class GroupedAttention : nn.Module<Tensor, DecoderStep, Tensor>
{
    [ComponentName(Name = "q_proj")]
    private readonly Linear _query;

    [ComponentName(Name = "k_proj")]
    private readonly Linear _key;

    [ComponentName(Name = "v_proj")]
    private readonly Linear _value;

    [ComponentName(Name = "o_proj")]
    private readonly Linear _output;

    private readonly AttentionShape _shape;
    private readonly double _dropout;

    public GroupedAttention(DecoderConfig config, bool outputBias, Placement placement)
        : base(nameof(GroupedAttention))
    {
        _shape = config.Attention;
        _query = new Linear(_shape.Hidden, _shape.QueryWidth, placement, config.AttentionBias);
        _key = new Linear(_shape.Hidden, _shape.KeyWidth, placement, config.AttentionBias);
        _value = new Linear(_shape.Hidden, _shape.KeyWidth, placement, config.AttentionBias);
        _output = new Linear(_shape.QueryWidth, _shape.Hidden, placement, outputBias);
        _dropout = config.AttentionDropout;
        RegisterComponents();
    }

    public override Tensor forward(Tensor hidden, DecoderStep step) => _output.forward(step.Attend(
        Attention.SplitHeads(_query.forward(hidden), _shape.Heads), Attention.SplitHeads(_key.forward(hidden), _shape.KeyHeads),
        Attention.SplitHeads(_value.forward(hidden), _shape.KeyHeads), training ? _dropout : 0));
}
