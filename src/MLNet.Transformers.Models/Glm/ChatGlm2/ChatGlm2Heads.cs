using MLNet.Transformers.Models.Nn;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Glm.ChatGlm2;

/// <summary>Scores over the vocabulary; THUDM's class keeps their matrix inside of the backbone.</summary>
internal sealed class ChatGlm2NextToken : Head
{
    [ComponentName(Name = "transformer")]
    private readonly ChatGlm2Output _parts;

    public ChatGlm2NextToken(ChatGlm2Config config, Placement placement)
        : base(nameof(ChatGlm2NextToken))
    {
        _parts = new ChatGlm2Output(config, placement);
        RegisterComponents();
    }

    public override HeadOutput forward(BackboneOutput states, Tensor tokenEmbedding) => new(_parts.forward(states.Tokens));
}

internal sealed class ChatGlm2Output : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "output_layer")]
    private readonly Linear _scores;

    public ChatGlm2Output(ChatGlm2Config config, Placement placement)
        : base(nameof(ChatGlm2Output))
    {
        _scores = new Linear(config.HiddenSize, config.VocabularySize, placement, bias: false);
        RegisterComponents();
    }

    public override Tensor forward(Tensor hidden) => _scores.forward(hidden);
}

/// <summary>Dropout and a linear layer over the last token's vector (source: THUDM's modeling_chatglm.py, ChatGLMForSequenceClassification).</summary>
internal sealed class ChatGlm2Classifier : Head
{
    [ComponentName(Name = "classifier_head")]
    private readonly Linear _classifier;

    private readonly double _dropout;

    public ChatGlm2Classifier(ChatGlm2Config config, Placement placement)
        : base(nameof(ChatGlm2Classifier))
    {
        _classifier = new Linear(config.HiddenSize, config.Labels.Count, placement);
        _dropout = config.ClassifierDropout;
        RegisterComponents();
    }

    public override HeadOutput forward(BackboneOutput states, Tensor tokenEmbedding) =>
        new(_classifier.forward(nn.functional.dropout(states.Pooled!, _dropout, training)));
}
