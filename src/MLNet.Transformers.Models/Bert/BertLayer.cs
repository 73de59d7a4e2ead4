using MLNet.Transformers.Models.Nn;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Bert;

/// <summary>
/// One layer: self-attention, in a decoder attention to the source, then a feed-forward part, each with a residual that is normalised afterwards
/// (BERT §3; Rothe et al. 2020, §2; reference: modeling_bert.py, BertLayer).
/// </summary>
internal sealed class BertLayer : nn.Module<Tensor, Tensor?, AttentionSource?, LayerCache?, Tensor>
{
    [ComponentName(Name = "attention")]
    private readonly BertAttention _attention;

    [ComponentName(Name = "crossattention")]
    private readonly BertAttention? _cross;

    [ComponentName(Name = "intermediate")]
    private readonly BertIntermediate _intermediate;

    [ComponentName(Name = "output")]
    private readonly BertResidual _output;

    public BertLayer(BertConfig config, bool readsSource, Placement placement)
        : base(nameof(BertLayer))
    {
        _attention = new BertAttention(config, placement);
        _cross = readsSource ? new BertAttention(config, placement) : null;
        _intermediate = new BertIntermediate(config, placement);
        _output = new BertResidual(config.IntermediateSize, config, placement);
        RegisterComponents();
    }

    // hidden: (batch, tokens, hidden)
    public override Tensor forward(Tensor hidden, Tensor? mask, AttentionSource? source, LayerCache? cache)
    {
        Tensor attended = _attention.ToItself(hidden, mask, cache);
        if (_cross is not null)
        {
            attended = _cross.ToSource(attended, source!, cache);
        }
        return _output.forward(_intermediate.forward(attended), attended);
    }
}

internal sealed class BertAttention : nn.Module
{
    [ComponentName(Name = "self")]
    private readonly BertSelfAttention _self;

    [ComponentName(Name = "output")]
    private readonly BertResidual _output;

    public BertAttention(BertConfig config, Placement placement)
        : base(nameof(BertAttention))
    {
        _self = new BertSelfAttention(config, placement);
        _output = new BertResidual(config.HiddenSize, config, placement);
        RegisterComponents();
    }

    public Tensor ToItself(Tensor hidden, Tensor? mask, LayerCache? cache) => _output.forward(_self.ToItself(hidden, mask, cache), hidden);

    public Tensor ToSource(Tensor hidden, AttentionSource source, LayerCache? cache) => _output.forward(_self.ToSource(hidden, source, cache), hidden);
}

internal sealed class BertSelfAttention : nn.Module
{
    [ComponentName(Name = "query")]
    private readonly Linear _query;

    [ComponentName(Name = "key")]
    private readonly Linear _key;

    [ComponentName(Name = "value")]
    private readonly Linear _value;

    private readonly ProjectedAttention _attention;

    public BertSelfAttention(BertConfig config, Placement placement)
        : base(nameof(BertSelfAttention))
    {
        _query = new Linear(config.HiddenSize, config.HiddenSize, placement);
        _key = new Linear(config.HiddenSize, config.HiddenSize, placement);
        _value = new Linear(config.HiddenSize, config.HiddenSize, placement);
        _attention = new ProjectedAttention(_query, _key, _value, config.Heads, config.AttentionDropout);
        RegisterComponents();
    }

    public Tensor ToItself(Tensor hidden, Tensor? mask, LayerCache? cache) => _attention.ToItself(hidden, mask, cache);

    public Tensor ToSource(Tensor hidden, AttentionSource source, LayerCache? cache) => _attention.ToSource(hidden, source, cache);
}

internal sealed class BertIntermediate : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "dense")]
    private readonly Linear _dense;

    private readonly Func<Tensor, Tensor> _activation;

    public BertIntermediate(BertConfig config, Placement placement)
        : base(nameof(BertIntermediate))
    {
        _dense = new Linear(config.HiddenSize, config.IntermediateSize, placement);
        _activation = Activations.Find(config.Activation);
        RegisterComponents();
    }

    public override Tensor forward(Tensor hidden) => _activation(_dense.forward(hidden));
}

/// <summary>Projection back to the hidden size, added to the residual and normalised.</summary>
internal sealed class BertResidual : nn.Module<Tensor, Tensor, Tensor>
{
    [ComponentName(Name = "dense")]
    private readonly Linear _dense;

    [ComponentName(Name = "LayerNorm")]
    private readonly LayerNorm _norm;

    private readonly double _dropout;

    public BertResidual(long inputs, BertConfig config, Placement placement)
        : base(nameof(BertResidual))
    {
        _dense = new Linear(inputs, config.HiddenSize, placement);
        _norm = new LayerNorm(config.HiddenSize, config.LayerNormEpsilon, placement);
        _dropout = config.HiddenDropout;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, Tensor residual) =>
        _norm.forward(nn.functional.dropout(_dense.forward(x), _dropout, training) + residual);
}
