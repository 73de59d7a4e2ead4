using MLNet.Transformers.Models.Nn;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Glm;

/// <summary>What a layer of ChatGLM-6B is given besides the hidden states.</summary>
/// <param name="Mask">What is seen.</param>
/// <param name="Places">The turns of the tokens' places in the text.</param>
/// <param name="BlockPlaces">The turns of their places in what fills a blank.</param>
/// <param name="Cache">What the layer has read before, and is to remember.</param>
internal readonly record struct ChatGlmStep(Tensor? Mask, Rotation Places, Rotation BlockPlaces, LayerCache? Cache)
{
    /// <summary>Turns the halves of queries or keys, (batch, heads, tokens, width), each by its own row of positions.</summary>
    public Tensor Turn(Tensor x)
    {
        Tensor[] halves = x.chunk(2, -1);
        return cat([Places.Apply(halves[0]), BlockPlaces.Apply(halves[1])], -1);
    }
}

/// <summary>One layer of ChatGLM-6B; residuals start from what was normalised, times a constant (source: THUDM's modeling_chatglm.py, GLMBlock).</summary>
internal sealed class ChatGlmLayer : nn.Module<Tensor, ChatGlmStep, Tensor>
{
    [ComponentName(Name = "input_layernorm")]
    private readonly LayerNorm _attentionNorm;

    [ComponentName(Name = "attention")]
    private readonly ChatGlmAttention _attention;

    [ComponentName(Name = "post_attention_layernorm")]
    private readonly LayerNorm _forwardNorm;

    [ComponentName(Name = "mlp")]
    private readonly GlmFeedForward _forward;

    // Meant is √(2 × layers), but the reference's network does not tell its layers how many there are, and they take the 28 of ChatGLM-6B.
    private static readonly double _residual = Math.Sqrt(2 * 28);

    public ChatGlmLayer(ChatGlmConfig config, Placement placement)
        : base(nameof(ChatGlmLayer))
    {
        _attentionNorm = new LayerNorm(config.HiddenSize, config.NormEpsilon, placement);
        _attention = new ChatGlmAttention(config, placement);
        _forwardNorm = new LayerNorm(config.HiddenSize, config.NormEpsilon, placement);
        _forward = new GlmFeedForward(config.HiddenSize, config.IntermediateSize, "gelu_new", placement);
        RegisterComponents();
    }

    // hidden: (batch, tokens, hidden)
    public override Tensor forward(Tensor hidden, ChatGlmStep step)
    {
        Tensor normalized = _attentionNorm.forward(hidden);
        Tensor attended = (normalized * _residual) + _attention.forward(normalized, step);
        normalized = _forwardNorm.forward(attended);
        return (normalized * _residual) + _forward.forward(normalized);
    }
}

/// <summary>Self-attention with queries, keys and values from one matrix, side by side for each head.</summary>
internal sealed class ChatGlmAttention : nn.Module<Tensor, ChatGlmStep, Tensor>
{
    [ComponentName(Name = "query_key_value")]
    private readonly Linear _fused;

    [ComponentName(Name = "dense")]
    private readonly Linear _output;

    private readonly int _heads;

    public ChatGlmAttention(ChatGlmConfig config, Placement placement)
        : base(nameof(ChatGlmAttention))
    {
        _fused = new Linear(config.HiddenSize, 3L * config.HiddenSize, placement);
        _output = new Linear(config.HiddenSize, config.HiddenSize, placement);
        _heads = config.Heads;
        RegisterComponents();
    }

    public override Tensor forward(Tensor hidden, ChatGlmStep step)
    {
        Tensor[] three = Attention.SplitHeads(_fused.forward(hidden), _heads).chunk(3, -1);
        (Tensor keys, Tensor values) = (step.Turn(three[1]), three[2]);
        (keys, values) = step.Cache?.Append(keys, values) ?? (keys, values);
        return _output.forward(Attention.Forward(step.Turn(three[0]), keys, values, step.Mask));
    }
}
