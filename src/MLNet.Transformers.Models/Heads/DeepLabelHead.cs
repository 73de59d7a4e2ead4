using MLNet.Transformers.Models.Nn;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Heads;

/// <summary>
/// From a sequence's vector to one score per class: a layer with tanh, then another, dropout before each (BART §3.1; reference: BartClassificationHead,
/// RobertaClassificationHead, T5ClassificationHead; THUDM's GLMForSequenceClassification).
/// </summary>
internal sealed class DeepLabelHead : Head
{
    private readonly Linear _dense;
    private readonly Linear _output;
    private readonly double _dropout;

    /// <param name="prefix">What stands before the layers' names, dot included.</param>
    /// <param name="config">The network's config.</param>
    /// <param name="dropout">Share of a vector that training drops.</param>
    /// <param name="placement">Where the parameters lie.</param>
    public DeepLabelHead(string prefix, ModelConfig config, double dropout, Placement placement)
        : base(nameof(DeepLabelHead))
    {
        _dense = new Linear(config.HiddenSize, config.HiddenSize, placement);
        _output = new Linear(config.HiddenSize, config.Labels.Count, placement);
        _dropout = dropout;
        this.Register(prefix + "dense", _dense);
        this.Register(prefix + "out_proj", _output);
    }

    public override HeadOutput forward(BackboneOutput states, Tensor tokenEmbedding) =>
        new(_output.forward(Drop(_dense.forward(Drop(states.Pooled!)).tanh())));

    private Tensor Drop(Tensor x) => Dropout.Of(x, _dropout, training);
}
