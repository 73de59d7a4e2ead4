using MLNet.Transformers.Models.Nn;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Decoders;

/// <summary>A linear layer over the last token's vector (reference: modeling_layers.py, GenericForSequenceClassification).</summary>
internal sealed class LastTokenClassifier : Head
{
    [ComponentName(Name = "score")]
    private readonly Linear _score;

    public LastTokenClassifier(ModelConfig config, Placement placement)
        : base(nameof(LastTokenClassifier))
    {
        _score = new Linear(config.HiddenSize, config.Labels.Count, placement, bias: false);
        RegisterComponents();
    }

    public override HeadOutput forward(BackboneOutput states, Tensor tokenEmbedding) => new(_score.forward(states.Pooled!));
}

/// <summary>Dropout and a linear layer over every token's vector (reference: modeling_layers.py, GenericForTokenClassification).</summary>
internal sealed class EachTokenClassifier : Head
{
    [ComponentName(Name = "score")]
    private readonly Linear _score;

    private readonly double _dropout;

    public EachTokenClassifier(ModelConfig config, double dropout, Placement placement)
        : base(nameof(EachTokenClassifier))
    {
        _score = new Linear(config.HiddenSize, config.Labels.Count, placement);
        _dropout = dropout;
        RegisterComponents();
    }

    public override HeadOutput forward(BackboneOutput states, Tensor tokenEmbedding) =>
        new(_score.forward(nn.functional.dropout(states.Tokens, _dropout, training)));
}

/// <summary>Scores over the vocabulary for the token that follows each token: a matrix of its own, or the token embedding.</summary>
internal sealed class NextTokenHead : Head
{
    [ComponentName(Name = "lm_head")]
    private readonly Linear? _scores;

    private readonly TiedLinear _tied = new();

    /// <param name="config">Its sizes.</param>
    /// <param name="tied">Whether the token embedding takes the place of a matrix.</param>
    /// <param name="placement">Where the parameters lie.</param>
    public NextTokenHead(ModelConfig config, bool tied, Placement placement)
        : base(nameof(NextTokenHead))
    {
        _scores = tied ? null : new Linear(config.HiddenSize, config.VocabularySize, placement, bias: false);
        RegisterComponents();
    }

    public override HeadOutput forward(BackboneOutput states, Tensor tokenEmbedding) =>
        new(_scores?.forward(states.Tokens) ?? _tied.forward(states.Tokens, tokenEmbedding));
}
