using MLNet.Transformers.Models.Nn;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Bart;

/// <summary>Scores over the vocabulary: the decoder's vectors against the token embedding, and a bias that is not trained.</summary>
internal sealed class BartLanguageModel : Head
{
    [ComponentName(Name = "lm_head")]
    private readonly Linear? _output;

    [ComponentName(Name = "final_logits_bias")]
    private readonly Tensor _bias;

    private readonly TiedLinear _tied = new();

    public BartLanguageModel(BartConfig config, Placement placement)
        : base(nameof(BartLanguageModel))
    {
        _output = config.TiedEmbeddings ? null : new Linear(config.HiddenSize, config.VocabularySize, placement, bias: false);
        _bias = placement.Empty(1, config.VocabularySize).zero_();
        RegisterComponents();
    }

    public override HeadOutput forward(BackboneOutput states, Tensor tokenEmbedding)
    {
        Tensor x = states.Tokens;
        Tensor scores = _output?.forward(x) ?? _tied.forward(x, tokenEmbedding);
        return new HeadOutput(scores + _bias);
    }
}

/// <summary>Two layers over the decoder's vector at the end of the text (BART §3.1; reference: BartClassificationHead).</summary>
internal sealed class BartSequenceClassifier : Head
{
    [ComponentName(Name = "classification_head")]
    private readonly BartClassificationLayers _layers;

    public BartSequenceClassifier(BartConfig config, Placement placement)
        : base(nameof(BartSequenceClassifier))
    {
        _layers = new BartClassificationLayers(config, placement);
        RegisterComponents();
    }

    public override HeadOutput forward(BackboneOutput states, Tensor tokenEmbedding) => new(_layers.forward(states.Pooled!));
}

internal sealed class BartClassificationLayers : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "dense")]
    private readonly Linear _dense;

    [ComponentName(Name = "out_proj")]
    private readonly Linear _output;

    private readonly double _dropout;

    public BartClassificationLayers(BartConfig config, Placement placement)
        : base(nameof(BartClassificationLayers))
    {
        _dense = new Linear(config.HiddenSize, config.HiddenSize, placement);
        _output = new Linear(config.HiddenSize, config.Labels.Count, placement);
        _dropout = config.ClassifierDropout;
        RegisterComponents();
    }

    public override Tensor forward(Tensor pooled) => _output.forward(Drop(_dense.forward(Drop(pooled)).tanh()));

    private Tensor Drop(Tensor x) => nn.functional.dropout(x, _dropout, training);
}

/// <summary>Dropout and a linear layer over the decoder's vector of each token (BART §3.2; the reference has no such class).</summary>
internal sealed class BartTokenClassifier : Head
{
    [ComponentName(Name = "classifier")]
    private readonly Linear _classifier;

    private readonly double _dropout;

    public BartTokenClassifier(BartConfig config, Placement placement)
        : base(nameof(BartTokenClassifier))
    {
        _classifier = new Linear(config.HiddenSize, config.Labels.Count, placement);
        _dropout = config.ClassifierDropout;
        RegisterComponents();
    }

    public override HeadOutput forward(BackboneOutput states, Tensor tokenEmbedding) =>
        new(_classifier.forward(nn.functional.dropout(states.Tokens, _dropout, training)));
}
