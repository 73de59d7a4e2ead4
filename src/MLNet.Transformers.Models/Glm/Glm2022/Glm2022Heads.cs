using MLNet.Transformers.Models.Nn;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Glm.Glm2022;

/// <summary>Two layers over the first token's vector (source: THUDM's modeling_glm.py, GLMForSequenceClassification).</summary>
internal sealed class Glm2022Classifier : Head
{
    [ComponentName(Name = "dense")]
    private readonly Linear _dense;

    [ComponentName(Name = "out_proj")]
    private readonly Linear _output;

    private readonly double _dropout;

    public Glm2022Classifier(Glm2022Config config, Placement placement)
        : base(nameof(Glm2022Classifier))
    {
        _dense = new Linear(config.HiddenSize, config.HiddenSize, placement);
        _output = new Linear(config.HiddenSize, config.Labels.Count, placement);
        _dropout = config.HeadDropout;
        RegisterComponents();
    }

    public override HeadOutput forward(BackboneOutput states, Tensor tokenEmbedding) =>
        new(_output.forward(Drop(_dense.forward(Drop(states.Pooled!)).tanh())));

    private Tensor Drop(Tensor x) => nn.functional.dropout(x, _dropout, training);
}
