using MLNet.Transformers.Models.Decoders;
using MLNet.Transformers.Models.Nn;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Glm.ChatGlm2;

/// <summary>ChatGLM2's layer: LLaMA's under other names, with fused matrices (source: THUDM's modeling_chatglm.py, GLMBlock).</summary>
internal sealed class ChatGlm2Layer : DecoderLayer
{
    [ComponentName(Name = "input_layernorm")]
    private readonly nn.Module<Tensor, Tensor> _attentionNorm;

    [ComponentName(Name = "self_attention")]
    private readonly ChatGlm2Attention _attention;

    [ComponentName(Name = "post_attention_layernorm")]
    private readonly nn.Module<Tensor, Tensor> _gatedNorm;

    [ComponentName(Name = "mlp")]
    private readonly ChatGlm2Gated _gated;

    private readonly bool _normalizedResidual;
    private readonly double _dropout;

    public ChatGlm2Layer(ChatGlm2Config config, Placement placement)
        : base(nameof(ChatGlm2Layer))
    {
        _attentionNorm = Norm(config, placement);
        _attention = new ChatGlm2Attention(config, placement);
        _gatedNorm = Norm(config, placement);
        _gated = new ChatGlm2Gated(config, placement);
        (_normalizedResidual, _dropout) = (config.HasNormalizedResidual, config.HiddenDropout);
        RegisterComponents();
    }

    public static nn.Module<Tensor, Tensor> Norm(ChatGlm2Config config, Placement placement) => config.HasRmsNorm
        ? new RmsNorm(config.HiddenSize, config.NormEpsilon, placement)
        : new LayerNorm(config.HiddenSize, config.NormEpsilon, placement);

    // hidden: (batch, tokens, hidden)
    public override Tensor forward(Tensor hidden, DecoderStep step)
    {
        Tensor normalized = _attentionNorm.forward(hidden);
        Tensor attended = Add(hidden, normalized, _attention.forward(normalized, step));
        normalized = _gatedNorm.forward(attended);
        return Add(attended, normalized, _gated.forward(normalized));
    }

    private Tensor Add(Tensor entered, Tensor normalized, Tensor computed) =>
        (_normalizedResidual ? normalized : entered) + nn.functional.dropout(computed, _dropout, training);
}

/// <summary>Self-attention with queries, keys and values from one matrix.</summary>
internal sealed class ChatGlm2Attention : nn.Module<Tensor, DecoderStep, Tensor>
{
    [ComponentName(Name = "query_key_value")]
    private readonly Linear _fused;

    [ComponentName(Name = "dense")]
    private readonly Linear _output;

    private readonly AttentionShape _shape;
    private readonly bool _shared;
    private readonly double _dropout;

    public ChatGlm2Attention(ChatGlm2Config config, Placement placement)
        : base(nameof(ChatGlm2Attention))
    {
        _shape = config.Attention;
        _fused = new Linear(_shape.Hidden, _shape.QueryWidth + (2 * _shape.KeyWidth), placement, config.AttentionBias || config.LinearBias);
        _output = new Linear(_shape.QueryWidth, _shape.Hidden, placement, config.LinearBias);
        (_shared, _dropout) = (config.KeyValueHeads is not null, config.AttentionDropout);
        RegisterComponents();
    }

    public override Tensor forward(Tensor hidden, DecoderStep step)
    {
        Tensor fused = _fused.forward(hidden);
        Tensor[] three = _shared ? ByKind(fused) : ByHead(fused);
        return _output.forward(step.Attend(three[0], three[1], three[2], training ? _dropout : 0));
    }

    // All queries, all keys, all values.
    private Tensor[] ByKind(Tensor fused)
    {
        Tensor[] three = fused.split([_shape.QueryWidth, _shape.KeyWidth, _shape.KeyWidth], -1);
        return
        [
            Attention.SplitHeads(three[0], _shape.Heads), Attention.SplitHeads(three[1], _shape.KeyHeads), Attention.SplitHeads(three[2], _shape.KeyHeads),
        ];
    }

    // Of each head query, key and value.
    private Tensor[] ByHead(Tensor fused) => Attention.SplitHeads(fused, _shape.Heads).chunk(3, -1);
}

/// <summary>Feed-forward part with a gate (Shazeer 2020); the rows of the gate stand before those of the values.</summary>
internal sealed class ChatGlm2Gated : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "dense_h_to_4h")]
    private readonly Linear _gateAndUp;

    [ComponentName(Name = "dense_4h_to_h")]
    private readonly Linear _down;

    public ChatGlm2Gated(ChatGlm2Config config, Placement placement)
        : base(nameof(ChatGlm2Gated))
    {
        _gateAndUp = new Linear(config.HiddenSize, 2L * config.IntermediateSize, placement, config.LinearBias);
        _down = new Linear(config.IntermediateSize, config.HiddenSize, placement, config.LinearBias);
        RegisterComponents();
    }

    public override Tensor forward(Tensor hidden)
    {
        Tensor[] halves = _gateAndUp.forward(hidden).chunk(2, -1);
        return _down.forward(nn.functional.silu(halves[0]) * halves[1]);
    }
}
