using MLNet.Transformers.Models.Nn;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models;

/// <summary>Dropout and a linear layer over every token's vector (BERT §5.3, BART §3.2; reference: BertForTokenClassification, T5ForTokenClassification).</summary>
internal sealed class TokenClassifier : Head
{
    [ComponentName(Name = "classifier")]
    private readonly Linear _classifier;

    private readonly double _dropout;

    /// <param name="config">Says the width and the labels.</param>
    /// <param name="dropout">Share of values that training drops.</param>
    /// <param name="placement">Where and in which type.</param>
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
