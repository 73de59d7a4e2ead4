using MLNet.Transformers.Models.Nn;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Glm;

/// <summary>The feed-forward part of the early GLMs: two matrices with biases, GELU between (source: THUDM's modeling_glm.py, MLP).</summary>
internal sealed class GlmFeedForward : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "dense_h_to_4h")]
    private readonly Linear _up;

    [ComponentName(Name = "dense_4h_to_h")]
    private readonly Linear _down;

    private readonly Func<Tensor, Tensor> _activation;

    public GlmFeedForward(long hidden, long inner, string activation, Placement placement)
        : base(nameof(GlmFeedForward))
    {
        _up = new Linear(hidden, inner, placement);
        _down = new Linear(inner, hidden, placement);
        _activation = Activations.Find(activation);
        RegisterComponents();
    }

    public override Tensor forward(Tensor hidden) => _down.forward(_activation(_up.forward(hidden)));
}
