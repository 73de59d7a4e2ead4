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
