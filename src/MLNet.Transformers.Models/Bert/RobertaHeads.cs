using MLNet.Transformers.Models.Nn;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace MLNet.Transformers.Models.Bert;

/// <summary>Two layers over the first token's vector (reference: modeling_roberta.py, RobertaClassificationHead).</summary>
internal sealed class RobertaClassifier : Head
{
    [ComponentName(Name = "classifier")]
    private readonly ClassificationLayers _layers;

    public RobertaClassifier(BertConfig config, Placement placement)
        : base(nameof(RobertaClassifier))
    {
        _layers = new ClassificationLayers(config, config.HeadDropout, placement);
        RegisterComponents();
    }

    public override HeadOutput forward(BackboneOutput states, Tensor tokenEmbedding) => new(_layers.forward(states.Pooled!));
}

/// <summary>Masked language model (reference: modeling_roberta.py, RobertaLMHead).</summary>
internal sealed class RobertaLanguageModel : Head
{
    [ComponentName(Name = "lm_head")]
    private readonly RobertaPredictions _predictions;

    public RobertaLanguageModel(BertConfig config, Placement placement)
        : base(nameof(RobertaLanguageModel))
    {
        _predictions = new RobertaPredictions(config, placement);
        RegisterComponents();
    }

    public override HeadOutput forward(BackboneOutput states, Tensor tokenEmbedding) => new(_predictions.forward(states.Tokens, tokenEmbedding));
}

internal sealed class RobertaPredictions : nn.Module<Tensor, Tensor, Tensor>
{
    [ComponentName(Name = "dense")]
    private readonly Linear _dense;

    [ComponentName(Name = "layer_norm")]
    private readonly LayerNorm _norm;

    [ComponentName(Name = "decoder")]
    private readonly Linear? _decoder;

    [ComponentName(Name = "bias")]
    private readonly Parameter? _bias;

    private readonly TiedLinear _tied = new();

    public RobertaPredictions(BertConfig config, Placement placement)
        : base(nameof(RobertaPredictions))
    {
        _dense = new Linear(config.HiddenSize, config.HiddenSize, placement);
        _norm = new LayerNorm(config.HiddenSize, config.LayerNormEpsilon, placement);
        _decoder = config.TiedEmbeddings ? null : new Linear(config.HiddenSize, config.VocabularySize, placement);
        _bias = config.TiedEmbeddings ? new Parameter(placement.Empty(config.VocabularySize)) : null;
        RegisterComponents();
    }

    // Gelu whatever the layers have, as in the reference.
    public override Tensor forward(Tensor hidden, Tensor tokenEmbedding)
    {
        Tensor x = _norm.forward(nn.functional.gelu(_dense.forward(hidden)));
        return _decoder?.forward(x) ?? (_tied.forward(x, tokenEmbedding) + _bias!);
    }
}
