using MLNet.Transformers.Models.Nn;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models;

/// <summary>Two layers over the vector of a sequence (BART §3.1; reference: BartClassificationHead, T5ClassificationHead).</summary>
internal sealed class TwoLayerClassifier : Head
{
    [ComponentName(Name = "classification_head")]
    private readonly ClassificationLayers _layers;

    public TwoLayerClassifier(ModelConfig config, double dropout, Placement placement)
        : base(nameof(TwoLayerClassifier))
    {
        _layers = new ClassificationLayers(config, dropout, placement);
        RegisterComponents();
    }

    public override HeadOutput forward(BackboneOutput states, Tensor tokenEmbedding) => new(_layers.forward(states.Pooled!));
}

/// <summary>A layer with tanh and one that scores the labels, each behind dropout.</summary>
internal sealed class ClassificationLayers : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "dense")]
    private readonly Linear _dense;

    [ComponentName(Name = "out_proj")]
    private readonly Linear _output;

    private readonly double _dropout;

    /// <param name="config">Says the width and the labels.</param>
    /// <param name="dropout">Share of values that training drops.</param>
    /// <param name="placement">Where and in which type.</param>
    public ClassificationLayers(ModelConfig config, double dropout, Placement placement)
        : base(nameof(ClassificationLayers))
    {
        _dense = new Linear(config.HiddenSize, config.HiddenSize, placement);
        _output = new Linear(config.HiddenSize, config.Labels.Count, placement);
        _dropout = dropout;
        RegisterComponents();
    }

    public override Tensor forward(Tensor pooled) => _output.forward(Drop(_dense.forward(Drop(pooled)).tanh()));

    private Tensor Drop(Tensor x) => nn.functional.dropout(x, _dropout, training);
}
