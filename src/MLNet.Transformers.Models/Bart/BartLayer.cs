using MLNet.Transformers.Models.Nn;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Bart;

/// <summary>
/// One layer: self-attention, in the decoder attention to the source, then a feed-forward part, each added to its input and normalised afterwards
/// (Lewis et al. 2020, §2.1; reference: modeling_bart.py, BartEncoderLayer and BartDecoderLayer).
/// </summary>
internal sealed class BartLayer : nn.Module<Tensor, Tensor?, AttentionSource?, LayerCache?, Tensor>
{
    [ComponentName(Name = "self_attn")]
    private readonly BartAttention _self;

    [ComponentName(Name = "self_attn_layer_norm")]
    private readonly LayerNorm _selfNorm;

    [ComponentName(Name = "encoder_attn")]
    private readonly BartAttention? _cross;

    [ComponentName(Name = "encoder_attn_layer_norm")]
    private readonly LayerNorm? _crossNorm;

    [ComponentName(Name = "fc1")]
    private readonly Linear _up;

    [ComponentName(Name = "fc2")]
    private readonly Linear _down;

    [ComponentName(Name = "final_layer_norm")]
    private readonly LayerNorm _finalNorm;

    private readonly Func<Tensor, Tensor> _activation;
    private readonly double _dropout;
    private readonly double _activationDropout;

    public BartLayer(BartConfig config, BartStackSize size, Placement placement)
        : base(nameof(BartLayer))
    {
        _self = new BartAttention(config, size.Heads, placement);
        _selfNorm = BartStack.Norm(config, placement);
        if (size.ReadsSource)
        {
            _cross = new BartAttention(config, size.Heads, placement);
            _crossNorm = BartStack.Norm(config, placement);
        }
        _up = new Linear(config.HiddenSize, size.IntermediateSize, placement);
        _down = new Linear(size.IntermediateSize, config.HiddenSize, placement);
        _finalNorm = BartStack.Norm(config, placement);
        _activation = Activations.Find(config.Activation);
        (_dropout, _activationDropout) = (config.Dropout, config.ActivationDropout);
        RegisterComponents();
    }

    // hidden: (batch, tokens, hidden)
    public override Tensor forward(Tensor hidden, Tensor? mask, AttentionSource? source, LayerCache? cache)
    {
        hidden = _selfNorm.forward(hidden + Drop(_self.ToItself(hidden, mask, cache)));
        if (_cross is not null)
        {
            hidden = _crossNorm!.forward(hidden + Drop(_cross.ToSource(hidden, source!, cache)));
        }
        Tensor wide = nn.functional.dropout(_activation(_up.forward(hidden)), _activationDropout, training);
        return _finalNorm.forward(hidden + Drop(_down.forward(wide)));
    }

    private Tensor Drop(Tensor x) => nn.functional.dropout(x, _dropout, training);
}

/// <summary>Attention with its projections.</summary>
internal sealed class BartAttention : nn.Module
{
    [ComponentName(Name = "q_proj")]
    private readonly Linear _query;

    [ComponentName(Name = "k_proj")]
    private readonly Linear _key;

    [ComponentName(Name = "v_proj")]
    private readonly Linear _value;

    [ComponentName(Name = "out_proj")]
    private readonly Linear _output;

    private readonly ProjectedAttention _attention;

    public BartAttention(BartConfig config, int heads, Placement placement)
        : base(nameof(BartAttention))
    {
        _query = Projection();
        _key = Projection();
        _value = Projection();
        _output = Projection();
        _attention = new ProjectedAttention(_query, _key, _value, heads, config.AttentionDropout);
        RegisterComponents();

        Linear Projection() => new(config.HiddenSize, config.HiddenSize, placement);
    }

    public Tensor ToItself(Tensor hidden, Tensor? mask, LayerCache? cache) => _output.forward(_attention.ToItself(hidden, mask, cache));

    public Tensor ToSource(Tensor hidden, AttentionSource source, LayerCache? cache) => _output.forward(_attention.ToSource(hidden, source, cache));
}
