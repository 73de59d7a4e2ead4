using MLNet.Transformers.Models.Nn;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace MLNet.Transformers.Models.Bert;

/// <summary>Dropout and a linear layer over the pooled vector (BERT §4.1).</summary>
internal sealed class BertClassifier : Head
{
    [ComponentName(Name = "classifier")]
    private readonly Linear _classifier;

    private readonly double _dropout;

    public BertClassifier(BertConfig config, Placement placement)
        : base(nameof(BertClassifier))
    {
        _classifier = new Linear(config.HiddenSize, config.Labels.Count, placement);
        _dropout = config.HeadDropout;
        RegisterComponents();
    }

    public override HeadOutput forward(BackboneOutput states, Tensor tokenEmbedding) =>
        new(_classifier.forward(nn.functional.dropout(states.Pooled!, _dropout, training)));
}

/// <summary>The heads of pretraining: masked language model and, optionally, next sentence (BERT §3.1).</summary>
internal sealed class BertPretrainingHead : Head
{
    [ComponentName(Name = "cls")]
    private readonly BertPretrainingParts _parts;

    public BertPretrainingHead(BertConfig config, bool nextSentence, Placement placement)
        : base(nameof(BertPretrainingHead))
    {
        _parts = new BertPretrainingParts(config, nextSentence, placement);
        RegisterComponents();
    }

    public override HeadOutput forward(BackboneOutput states, Tensor tokenEmbedding) => _parts.forward(states, tokenEmbedding);
}

internal sealed class BertPretrainingParts : nn.Module<BackboneOutput, Tensor, HeadOutput>
{
    [ComponentName(Name = "predictions")]
    private readonly BertPredictions _predictions;

    [ComponentName(Name = "seq_relationship")]
    private readonly Linear? _nextSentence;

    public BertPretrainingParts(BertConfig config, bool nextSentence, Placement placement)
        : base(nameof(BertPretrainingParts))
    {
        _predictions = new BertPredictions(config, placement);
        _nextSentence = nextSentence ? new Linear(config.HiddenSize, 2, placement) : null;
        RegisterComponents();
    }

    public override HeadOutput forward(BackboneOutput states, Tensor tokenEmbedding) =>
        new(_predictions.forward(states.Tokens, tokenEmbedding), _nextSentence?.forward(states.Pooled!));
}

/// <summary>Scores over the vocabulary: a transformed token vector against the token embedding, or against a table of its own.</summary>
internal sealed class BertPredictions : nn.Module<Tensor, Tensor, Tensor>
{
    [ComponentName(Name = "transform")]
    private readonly BertPredictionTransform _transform;

    [ComponentName(Name = "decoder")]
    private readonly Linear? _decoder;

    [ComponentName(Name = "bias")]
    private readonly Parameter? _bias;

    private readonly TiedLinear _tied = new();

    public BertPredictions(BertConfig config, Placement placement)
        : base(nameof(BertPredictions))
    {
        _transform = new BertPredictionTransform(config, placement);
        _decoder = config.TiedEmbeddings ? null : new Linear(config.HiddenSize, config.VocabularySize, placement);
        _bias = config.TiedEmbeddings ? new Parameter(placement.Empty(config.VocabularySize)) : null;
        RegisterComponents();
    }

    /// <summary>Second names of the parameters in the reference's state dict, which has the bias twice; the decoder's is the one that it computes with.</summary>
    /// <param name="config">Says whether the token embedding is shared.</param>
    /// <param name="prefix">What stands before the names of these predictions.</param>
    /// <param name="embedding">The name of the token embedding.</param>
    public static Dictionary<string, string> Aliases(BertConfig config, string prefix, string embedding) => config.TiedEmbeddings
        ? new() { [$"{prefix}decoder.bias"] = $"{prefix}bias", [$"{prefix}decoder.weight"] = embedding }
        : new() { [$"{prefix}bias"] = $"{prefix}decoder.bias" };

    public override Tensor forward(Tensor hidden, Tensor tokenEmbedding)
    {
        Tensor x = _transform.forward(hidden);
        return _decoder?.forward(x) ?? (_tied.forward(x, tokenEmbedding) + _bias!);
    }
}

internal sealed class BertPredictionTransform : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "dense")]
    private readonly Linear _dense;

    [ComponentName(Name = "LayerNorm")]
    private readonly LayerNorm _norm;

    private readonly Func<Tensor, Tensor> _activation;

    public BertPredictionTransform(BertConfig config, Placement placement)
        : base(nameof(BertPredictionTransform))
    {
        _dense = new Linear(config.HiddenSize, config.HiddenSize, placement);
        _norm = new LayerNorm(config.HiddenSize, config.LayerNormEpsilon, placement);
        _activation = Activations.Find(config.Activation);
        RegisterComponents();
    }

    public override Tensor forward(Tensor hidden) => _norm.forward(_activation(_dense.forward(hidden)));
}
