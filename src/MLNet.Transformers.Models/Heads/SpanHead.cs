using MLNet.Transformers.Models.Nn;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Heads;

/// <summary>Start and end scores of every token (BERT §4.2).</summary>
internal sealed class SpanHead : Head
{
    [ComponentName(Name = "qa_outputs")]
    private readonly Linear _outputs;

    public SpanHead(ModelConfig config, Placement placement)
        : base(nameof(SpanHead))
    {
        _outputs = new Linear(config.HiddenSize, 2, placement);
        RegisterComponents();
    }

    public override HeadOutput forward(BackboneOutput states, Tensor tokenEmbedding) => new(_outputs.forward(states.Tokens));
}
