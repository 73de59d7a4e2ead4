using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Models.Nn;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.EncoderDecoder;

/// <summary>The decoder's scores over the vocabulary, by BERT's masked-LM head.</summary>
internal sealed class EncoderDecoderHead : Head
{
    [ComponentName(Name = "decoder")]
    private readonly BertPretrainingHead _decoder;

    public EncoderDecoderHead(EncoderDecoderConfig config, Placement placement)
        : base(nameof(EncoderDecoderHead))
    {
        _decoder = new BertPretrainingHead(config.Decoder, nextSentence: false, placement);
        RegisterComponents();
    }

    public override HeadOutput forward(BackboneOutput states, Tensor tokenEmbedding) => _decoder.forward(states, tokenEmbedding);
}
