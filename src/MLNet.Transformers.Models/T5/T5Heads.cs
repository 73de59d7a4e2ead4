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
        return new HeadOutput(_projection?.forward(x) ?? nn.functional.linear(x, tokenEmbedding.to(x.dtype)));
    }
}

/// <summary>One score per class of the vector at the end token (reference: modeling_t5.py, T5ClassificationHead).</summary>
internal sealed class T5SequenceClassifier : Head
{
    [ComponentName(Name = "classification_head")]
    private readonly T5SequenceClassifierParts _parts;

    public T5SequenceClassifier(T5Config config, Placement placement)
        : base(nameof(T5SequenceClassifier))
    {
        _parts = new T5SequenceClassifierParts(config, placement);
        RegisterComponents();
    }

    public override HeadOutput forward(BackboneOutput states, Tensor tokenEmbedding) => new(_parts.forward(states.Pooled!));
}

internal sealed class T5SequenceClassifierParts : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "dense")]
    private readonly Linear _dense;

    [ComponentName(Name = "out_proj")]
    private readonly Linear _output;

    private readonly double _dropout;

    public T5SequenceClassifierParts(T5Config config, Placement placement)
        : base(nameof(T5SequenceClassifierParts))
    {
        _dense = new Linear(config.HiddenSize, config.HiddenSize, placement);
        _output = new Linear(config.HiddenSize, config.Labels.Count, placement);
        _dropout = config.ClassifierDropout;
        RegisterComponents();
    }

    public override Tensor forward(Tensor pooled)
    {
        Tensor x = _dense.forward(nn.functional.dropout(pooled, _dropout, training)).tanh();
        return _output.forward(nn.functional.dropout(x, _dropout, training));
    }
}

/// <summary>One score per class of every token of the encoder.</summary>
internal sealed class T5TokenClassifier : Head
{
    [ComponentName(Name = "classifier")]
    private readonly Linear _classifier;

    private readonly double _dropout;

    public T5TokenClassifier(T5Config config, Placement placement)
        : base(nameof(T5TokenClassifier))
    {
        _classifier = new Linear(config.HiddenSize, config.Labels.Count, placement);
        _dropout = config.ClassifierDropout;
        RegisterComponents();
    }

    public override HeadOutput forward(BackboneOutput states, Tensor tokenEmbedding) =>
        new(_classifier.forward(nn.functional.dropout(states.Tokens, _dropout, training)));
}

/// <summary>Start and end scores of every token of the decoder, which reads the source as its target.</summary>
internal sealed class T5Span : Head
{
    [ComponentName(Name = "qa_outputs")]
    private readonly Linear _outputs;

    public T5Span(T5Config config, Placement placement)
        : base(nameof(T5Span))
    {
        _outputs = new Linear(config.HiddenSize, 2, placement);
        RegisterComponents();
    }

    public override HeadOutput forward(BackboneOutput states, Tensor tokenEmbedding) => new(_outputs.forward(states.Tokens));
}
