using MLNet.Transformers.Models.Nn;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Heads;

/// <summary>Dropout and a linear layer, over each token's vector or over the sequence's.</summary>
internal sealed class LabelHead : Head
{
    private readonly Linear _scores;
    private readonly bool _pooled;
    private readonly double _dropout;

    private LabelHead(string name, Linear scores, bool pooled, double dropout)
        : base(nameof(LabelHead))
    {
        (_scores, _pooled, _dropout) = (scores, pooled, dropout);
        this.Register(name, scores);
    }

    /// <summary>A score per class and sequence, (batch, labels) (BERT §4.1).</summary>
    /// <param name="name">The checkpoint's name of the layer.</param>
    /// <param name="config">The network's config.</param>
    /// <param name="dropout">Share of the vector that training drops.</param>
    /// <param name="placement">Where the parameters lie.</param>
    /// <param name="bias">Whether the layer has a bias.</param>
    public static LabelHead OfSequence(string name, ModelConfig config, double dropout, Placement placement, bool bias = true) =>
        new(name, new Linear(config.HiddenSize, config.Labels.Count, placement, bias), pooled: true, dropout);

    /// <summary>A score per class and token, (batch, tokens, labels) (BERT §5.3).</summary>
    /// <param name="name">The checkpoint's name of the layer.</param>
    /// <param name="config">The network's config.</param>
    /// <param name="dropout">Share of each vector that training drops.</param>
    /// <param name="placement">Where the parameters lie.</param>
    public static LabelHead OfTokens(string name, ModelConfig config, double dropout, Placement placement) =>
        new(name, new Linear(config.HiddenSize, config.Labels.Count, placement), pooled: false, dropout);

    /// <summary>Start and end scores of every token, (batch, tokens, 2) (BERT §4.2).</summary>
    /// <param name="config">The network's config.</param>
    /// <param name="placement">Where the parameters lie.</param>
    public static LabelHead OfSpan(ModelConfig config, Placement placement) =>
        new("qa_outputs", new Linear(config.HiddenSize, 2, placement), pooled: false, dropout: 0);

    public override HeadOutput forward(BackboneOutput states, Tensor tokenEmbedding) =>
        new(_scores.forward(Dropout.Of(_pooled ? states.Pooled! : states.Tokens, _dropout, training)));
}
