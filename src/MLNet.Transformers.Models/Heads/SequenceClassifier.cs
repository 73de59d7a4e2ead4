using MLNet.Transformers.Models.Nn;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Heads;

/// <summary>Two layers over the decoder's vector at the end of the text (BART §3.1; reference: BartClassificationHead, T5ClassificationHead).</summary>
internal sealed class SequenceClassifier : Head
{
    [ComponentName(Name = "classification_head")]
    private readonly ClassifierLayers _layers;

    public SequenceClassifier(ModelConfig config, double dropout, Placement placement)
        : base(nameof(SequenceClassifier))
    {
        _layers = new ClassifierLayers(config, dropout, placement);
        RegisterComponents();
    }

    public override HeadOutput forward(BackboneOutput states, Tensor tokenEmbedding) => new(_layers.forward(states.Pooled!));
}
