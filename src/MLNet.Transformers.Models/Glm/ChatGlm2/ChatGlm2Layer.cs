using MLNet.Transformers.Models.Nn;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Glm.ChatGlm2;

/// <summary>ChatGLM2's layer: LLaMA's under other names, with fused matrices (source: THUDM's modeling_chatglm.py, GLMBlock).</summary>
internal sealed class ChatGlm2Layer : Layer
{
    [ComponentName(Name = "input_layernorm")]
    private readonly nn.Module<Tensor, Tensor> _attentionNorm;

    [ComponentName(Name = "self_attention")]
    private readonly FusedAttention _attention;

    [ComponentName(Name = "post_attention_layernorm")]
    private readonly nn.Module<Tensor, Tensor> _gatedNorm;

    [ComponentName(Name = "mlp")]
    private readonly FusedGate _gated;

    private readonly bool _normalizedResidual;
    private readonly double _dropout;

    public ChatGlm2Layer(ChatGlm2Config config, Placement placement)
        : base(nameof(ChatGlm2Layer))
    {
        _attentionNorm = Norm(config, placement);
        _attention = new FusedAttention(
            config.Attention, byHead: config.KeyValueHeads is null,
            new AttentionOptions(config.AttentionDropout) { Bias = config.AttentionBias || config.LinearBias, OutputBias = config.LinearBias }, placement);
        _gatedNorm = Norm(config, placement);
        _gated = new FusedGate(
            ("dense_h_to_4h", "dense_4h_to_h"), config.HiddenSize, config.IntermediateSize, "silu", config.LinearBias, placement);
        (_normalizedResidual, _dropout) = (config.HasNormalizedResidual, config.HiddenDropout);
        RegisterComponents();
    }

    public static nn.Module<Tensor, Tensor> Norm(ChatGlm2Config config, Placement placement) => config.HasRmsNorm
        ? new RmsNorm(config.HiddenSize, config.NormEpsilon, placement)
        : new LayerNorm(config.HiddenSize, config.NormEpsilon, placement);

    // hidden: (batch, tokens, hidden)
    public override Tensor forward(Tensor hidden, LayerStep step)
    {
        Tensor normalized = _attentionNorm.forward(hidden);
        Tensor attended = Add(hidden, normalized, _attention.forward(normalized, step));
        normalized = _gatedNorm.forward(attended);
        return Add(attended, normalized, _gated.forward(normalized));
    }

    private Tensor Add(Tensor entered, Tensor normalized, Tensor computed) =>
        (_normalizedResidual ? normalized : entered).Plus(Dropout.Of(computed, _dropout, training));
}
