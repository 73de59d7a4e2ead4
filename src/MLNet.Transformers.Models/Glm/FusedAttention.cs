using MLNet.Transformers.Models.Nn;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Glm;

/// <summary>Self-attention with queries, keys and values from one matrix, as THUDM's networks have it.</summary>
internal sealed class FusedAttention : nn.Module<Tensor, LayerStep, Tensor>
{
    [ComponentName(Name = "query_key_value")]
    private readonly Linear _fused;

    [ComponentName(Name = "dense")]
    private readonly Linear _output;

    private readonly AttentionShape _shape;
    private readonly bool _byHead;
    private readonly double _dropout;

    /// <param name="shape">Number and widths of the heads.</param>
    /// <param name="byHead">Whether query, key and value of each head stand side by side; else all queries, all keys, all values.</param>
    /// <param name="options">Biases and dropout.</param>
    /// <param name="placement">Where the parameters lie.</param>
    public FusedAttention(AttentionShape shape, bool byHead, AttentionOptions options, Placement placement)
        : base(nameof(FusedAttention))
    {
        _fused = new Linear(shape.Hidden, shape.QueryWidth + (2L * shape.KeyWidth), placement, options.Bias);
        _output = new Linear(shape.QueryWidth, shape.Hidden, placement, options.OutputBias);
        (_shape, _byHead, _dropout) = (shape, byHead, options.Dropout);
        RegisterComponents();
    }

    public override Tensor forward(Tensor hidden, LayerStep step)
    {
        Tensor fused = _fused.forward(hidden);
        (Tensor query, Tensor key, Tensor value) = _byHead ? ByHead(fused) : ByKind(fused);
        return _output.forward(step.Attend(query, key, value, training ? _dropout : 0));
    }

    private (Tensor, Tensor, Tensor) ByHead(Tensor fused)
    {
        Tensor[] three = Attention.SplitHeads(fused, _shape.Heads).chunk(3, -1);
        return (three[0], three[1], three[2]);
    }

    private (Tensor, Tensor, Tensor) ByKind(Tensor fused)
    {
        Tensor[] three = fused.split([_shape.QueryWidth, _shape.KeyWidth, _shape.KeyWidth], -1);
        return (Attention.SplitHeads(three[0], _shape.Heads), Attention.SplitHeads(three[1], _shape.KeyHeads), Attention.SplitHeads(three[2], _shape.KeyHeads));
    }
}
