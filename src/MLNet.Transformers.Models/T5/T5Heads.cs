using MLNet.Transformers.Models.Nn;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.T5;

/// <summary>Scores over the vocabulary: against the token embedding, of vectors times hidden^-½, or, since v1.1, a projection of its own.</summary>
internal sealed class T5LanguageModelHead : Head
{
    [ComponentName(Name = "lm_head")]
    private readonly Linear? _projection;

    private readonly TiedLinear _tied = new();

    private readonly double? _scale;

    public T5LanguageModelHead(T5Config config, Placement placement)
        : base(nameof(T5LanguageModelHead))
    {
        _projection = config.TiedEmbeddings ? null : new Linear(config.HiddenSize, config.VocabularySize, placement, bias: false);
        _scale = config.ScaledOutputs ? 1 / Math.Sqrt(config.HiddenSize) : null;
        RegisterComponents();
    }

    public override HeadOutput forward(BackboneOutput states, Tensor tokenEmbedding)
    {
        Tensor x = _scale is { } scale ? states.Tokens * scale : states.Tokens;
        return new HeadOutput(_projection?.forward(x) ?? _tied.forward(x, tokenEmbedding));
    }
}
