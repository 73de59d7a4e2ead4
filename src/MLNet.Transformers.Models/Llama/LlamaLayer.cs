using MLNet.Transformers.Models.Nn;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Llama;

/// <summary>LLaMA's layer: self-attention, then a feed-forward part, each behind a normalisation and added to what came in (Touvron et al. 2023, §2.2; reference: modeling_llama.py).</summary>
internal sealed class LlamaLayer : DecoderLayer
{
    [ComponentName(Name = "input_layernorm")]
    private readonly RmsNorm _attentionNorm;

    [ComponentName(Name = "self_attn")]
    private readonly GroupedAttention _attention;

    [ComponentName(Name = "post_attention_layernorm")]
    private readonly RmsNorm _gatedNorm;

    [ComponentName(Name = "mlp")]
    private readonly LlamaGated _gated;

    public LlamaLayer(LlamaConfig config, Placement placement)
        : base(nameof(LlamaLayer))
    {
        _attentionNorm = new RmsNorm(config.HiddenSize, config.RmsNormEpsilon, placement);
        _attention = new GroupedAttention(config, outputBias: config.AttentionBias, placement);
        _gatedNorm = new RmsNorm(config.HiddenSize, config.RmsNormEpsilon, placement);
        _gated = new LlamaGated(config, placement);
        RegisterComponents();
    }

    // hidden: (batch, tokens, hidden)
    public override Tensor forward(Tensor hidden, DecoderStep step)
    {
        Tensor attended = hidden + _attention.forward(_attentionNorm.forward(hidden), step);
        return attended + _gated.forward(_gatedNorm.forward(attended));
    }
}

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

/// <summary>Feed-forward part with a gate (Shazeer 2020).</summary>
internal sealed class LlamaGated : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "gate_proj")]
    private readonly Linear _gate;

    [ComponentName(Name = "up_proj")]
    private readonly Linear _up;

    [ComponentName(Name = "down_proj")]
    private readonly Linear _down;

    private readonly Func<Tensor, Tensor> _activation;

    public LlamaGated(LlamaConfig config, Placement placement)
        : base(nameof(LlamaGated))
    {
        _gate = new Linear(config.HiddenSize, config.IntermediateSize, placement, config.MlpBias);
        _up = new Linear(config.HiddenSize, config.IntermediateSize, placement, config.MlpBias);
        _down = new Linear(config.IntermediateSize, config.HiddenSize, placement, config.MlpBias);
        _activation = Activations.Find(config.Activation);
        RegisterComponents();
    }

    public override Tensor forward(Tensor hidden) => _down.forward(_activation(_gate.forward(hidden)) * _up.forward(hidden));
}
