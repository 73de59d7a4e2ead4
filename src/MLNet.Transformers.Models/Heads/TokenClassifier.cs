using MLNet.Transformers.Models.Nn;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Heads;

/// <summary>Dropout and a linear layer over every token's vector (BERT §5.3).</summary>
internal sealed class TokenClassifier : Head
{
    [ComponentName(Name = "classifier")]
    private readonly Linear _classifier;

    private readonly double _dropout;

    public TokenClassifier(ModelConfig config, double dropout, Placement placement)
        : base(nameof(TokenClassifier))
    {
        _classifier = new Linear(config.HiddenSize, config.Labels.Count, placement);
        _dropout = dropout;
        RegisterComponents();
    }

    public override HeadOutput forward(BackboneOutput states, Tensor tokenEmbedding) =>
        new(_classifier.forward(nn.functional.dropout(states.Tokens, _dropout, training)));
}
