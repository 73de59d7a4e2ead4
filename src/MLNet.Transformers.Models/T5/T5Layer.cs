using MLNet.Transformers.Models.Nn;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;
using Part = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, MLNet.Transformers.Models.T5.T5Context, MLNet.Transformers.Models.Nn.LayerCache?, TorchSharp.torch.Tensor>;

namespace MLNet.Transformers.Models.T5;

/// <summary>What a layer sees besides its own input.</summary>
/// <param name="Mask">Of the stack's own tokens: bool, or as what is added to scores, relative positions included; (batch or 1, heads or 1, queries, keys).</param>
/// <param name="Source">Of a decoder, what it attends to besides.</param>
internal readonly record struct T5Context(Tensor? Mask, AttentionSource? Source = null);

/// <summary>
/// One layer (Raffel et al. 2020, §2.1; reference: modeling_t5.py, T5Block): self-attention, in a decoder attention to the source, a feed-forward
/// part. Each reads normalised vectors and adds to those that are not.
/// </summary>
internal sealed class T5Layer : nn.Module<Tensor, T5Context, LayerCache?, Tensor>
{
    [ComponentName(Name = "layer")]
    private readonly TorchSharp.Modules.ModuleList<Part> _parts;

    public T5Layer(T5Config config, bool decoder, RelativePositionBuckets? buckets, Placement placement)
        : base(nameof(T5Layer))
    {
        var self = new T5SelfAttention(config, buckets, placement);
        var feedForward = new T5FeedForward(config, placement);
        _parts = decoder ? new(self, new T5SourceAttention(config, placement), feedForward) : new(self, feedForward);
        RegisterComponents();
    }

    public T5SelfAttention SelfAttention => (T5SelfAttention)_parts[0];

    public override Tensor forward(Tensor hidden, T5Context context, LayerCache? cache)
    {
        foreach (Part part in _parts)
        {
            hidden = Bound(hidden + part.forward(hidden, context, cache));
        }
        return hidden;
    }

    // float16 ends at 65504, which the larger networks exceed; the reference keeps such values finite.
    private static Tensor Bound(Tensor hidden)
    {
        const double Margin = 1000;
        if (hidden.dtype != ScalarType.Float16)
        {
            return hidden;
        }
        double limit = finfo(ScalarType.Float16).max - (hidden.isinf().any().item<bool>() ? Margin : 0);
        return hidden.clamp(-limit, limit);
    }
}

internal sealed class T5SelfAttention : nn.Module<Tensor, T5Context, LayerCache?, Tensor>
{
    [ComponentName(Name = "SelfAttention")]
    private readonly T5Attention _attention;

    [ComponentName(Name = "layer_norm")]
    private readonly RmsNorm _norm;

    private readonly double _dropout;

    public T5SelfAttention(T5Config config, RelativePositionBuckets? buckets, Placement placement)
        : base(nameof(T5SelfAttention))
    {
        _attention = new T5Attention(config, buckets, placement);
        _norm = new RmsNorm(config.HiddenSize, config.LayerNormEpsilon, placement);
        _dropout = config.Dropout;
        RegisterComponents();
    }

    public Tensor PositionBias(long queries, long keys) => _attention.PositionBias(queries, keys);

    public override Tensor forward(Tensor hidden, T5Context context, LayerCache? cache) =>
        nn.functional.dropout(_attention.ToItself(_norm.forward(hidden), context.Mask, cache), _dropout, training);
}

internal sealed class T5SourceAttention : nn.Module<Tensor, T5Context, LayerCache?, Tensor>
{
    [ComponentName(Name = "EncDecAttention")]
    private readonly T5Attention _attention;

    [ComponentName(Name = "layer_norm")]
    private readonly RmsNorm _norm;

    private readonly double _dropout;

    public T5SourceAttention(T5Config config, Placement placement)
        : base(nameof(T5SourceAttention))
    {
        _attention = new T5Attention(config, null, placement);
        _norm = new RmsNorm(config.HiddenSize, config.LayerNormEpsilon, placement);
        _dropout = config.Dropout;
        RegisterComponents();
    }

    public override Tensor forward(Tensor hidden, T5Context context, LayerCache? cache) =>
        nn.functional.dropout(_attention.ToSource(_norm.forward(hidden), context.Source!, cache), _dropout, training);
}

internal sealed class T5FeedForward : nn.Module<Tensor, T5Context, LayerCache?, Tensor>
{
    [ComponentName(Name = "DenseReluDense")]
    private readonly T5Dense _dense;

    [ComponentName(Name = "layer_norm")]
    private readonly RmsNorm _norm;

    private readonly double _dropout;

    public T5FeedForward(T5Config config, Placement placement)
        : base(nameof(T5FeedForward))
    {
        _dense = new T5Dense(config, placement);
        _norm = new RmsNorm(config.HiddenSize, config.LayerNormEpsilon, placement);
        _dropout = config.Dropout;
        RegisterComponents();
    }

    public override Tensor forward(Tensor hidden, T5Context context, LayerCache? cache) =>
        nn.functional.dropout(_dense.forward(_norm.forward(hidden)), _dropout, training);
}
