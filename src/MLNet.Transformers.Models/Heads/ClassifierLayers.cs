using MLNet.Transformers.Models.Nn;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Heads;

/// <summary>From a sequence's vector to one score per class: a layer with tanh, then another, dropout before each.</summary>
internal sealed class ClassifierLayers : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "dense")]
    private readonly Linear _dense;

    [ComponentName(Name = "out_proj")]
    private readonly Linear _output;

    private readonly double _dropout;

    public ClassifierLayers(ModelConfig config, double dropout, Placement placement)
        : base(nameof(ClassifierLayers))
    {
        _dense = new Linear(config.HiddenSize, config.HiddenSize, placement);
        _output = new Linear(config.HiddenSize, config.Labels.Count, placement);
        _dropout = dropout;
        RegisterComponents();
    }

    // pooled: (batch, hidden)
    public override Tensor forward(Tensor pooled) => _output.forward(Drop(_dense.forward(Drop(pooled)).tanh()));

    private Tensor Drop(Tensor x) => nn.functional.dropout(x, _dropout, training);
}
