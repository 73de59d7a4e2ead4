using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Tiles;
using MLNet.Transformers.Models.Vectors;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Bert;

/// <summary>
/// One layer: self-attention, in a decoder attention to the source, then a feed-forward part, each with a residual that is normalised afterwards
/// (BERT §3; Rothe et al. 2020, §2; reference: modeling_bert.py, BertLayer).
/// </summary>
internal sealed class BertLayer : Layer
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
        _attention = new BertAttention(config, readsSource: false, placement);
        _cross = readsSource ? new BertAttention(config, readsSource: true, placement) : null;
        _intermediate = new BertIntermediate(config, placement);
        _output = new BertResidual(config.IntermediateSize, config, placement);
        RegisterComponents();
    }

    /// <summary>The layer of an encoder for tokens without padding.</summary>
    public TiledLayer Tiles(BertConfig config, VectorActivation activation)
    {
        (TiledMatrix query, TiledMatrix key, TiledMatrix value) = _attention.Heads.Tiles();
        (TiledMatrix output, TiledNorm attentionNorm) = _attention.Output.Tiles();
        (TiledMatrix down, TiledNorm norm) = _output.Tiles();
        return new TiledLayer(BertAttention.Shape(config), query, key, value, output, attentionNorm, _intermediate.Tiles(), activation, down, norm);
    }

    // hidden: (batch, tokens, hidden)
    public override Tensor forward(Tensor hidden, LayerStep step)
    {
        Tensor attended = _attention.forward(hidden, step);
        attended = _cross?.forward(attended, step) ?? attended;
        return _output.forward(_intermediate.forward(attended), attended);
    }
}

/// <summary>Attention, then a projection with a residual. A part called self may attend to the source: that is what checkpoints call it there, too.</summary>
internal sealed class BertAttention : nn.Module<Tensor, LayerStep, Tensor>
{
    private static readonly AttentionNames _names = new("query", "key", "value", Output: null);

    [ComponentName(Name = "self")]
    private readonly MultiHeadAttention _heads;

    [ComponentName(Name = "output")]
    private readonly BertResidual _output;

    public BertAttention(BertConfig config, bool readsSource, Placement placement)
        : base(nameof(BertAttention))
    {
        _heads = new MultiHeadAttention(
            _names, Shape(config),
            new AttentionOptions(config.AttentionDropout) { ReadsSource = readsSource }, placement);
        _output = new BertResidual(config.HiddenSize, config, placement);
        RegisterComponents();
    }

    public MultiHeadAttention Heads => _heads;

    public BertResidual Output => _output;

    public static AttentionShape Shape(BertConfig config) => new(config.HiddenSize, config.Heads, config.Heads, config.HiddenSize / config.Heads);

    public override Tensor forward(Tensor hidden, LayerStep step) => _output.forward(_heads.forward(hidden, step), hidden);
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

    public TiledMatrix Tiles() => _dense.Tiles();

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

    public (TiledMatrix Dense, TiledNorm Norm) Tiles() => (_dense.Tiles(), _norm.Tiles());

    public override Tensor forward(Tensor x, Tensor residual) =>
        _norm.forward(Dropout.Of(_dense.forward(x), _dropout, training).Plus(residual));
}
