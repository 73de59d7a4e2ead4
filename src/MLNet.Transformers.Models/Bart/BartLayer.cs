using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Vectors;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Bart;

/// <summary>
/// One layer: self-attention, in the decoder attention to the source, then a feed-forward part, each added to its input and normalised afterwards
/// (Lewis et al. 2020, §2.1; reference: modeling_bart.py, BartEncoderLayer and BartDecoderLayer).
/// </summary>
internal sealed class BartLayer : Layer
{
    [ComponentName(Name = "self_attn")]
    private readonly MultiHeadAttention _self;

    [ComponentName(Name = "self_attn_layer_norm")]
    private readonly LayerNorm _selfNorm;

    [ComponentName(Name = "encoder_attn")]
    private readonly MultiHeadAttention? _cross;

    [ComponentName(Name = "encoder_attn_layer_norm")]
    private readonly LayerNorm? _crossNorm;

    [ComponentName(Name = "fc1")]
    private readonly Linear _up;

    [ComponentName(Name = "fc2")]
    private readonly Linear _down;

    [ComponentName(Name = "final_layer_norm")]
    private readonly LayerNorm _finalNorm;

    private static readonly AttentionNames _names = new("q_proj", "k_proj", "v_proj", "out_proj");

    private readonly Func<Tensor, Tensor> _activation;
    private readonly string _activationName;
    private readonly double _dropout;
    private readonly double _activationDropout;
    private readonly double _layerDrop;

    public BartLayer(BartConfig config, BartStackSize size, Placement placement)
        : base(nameof(BartLayer))
    {
        _self = Attention(readsSource: false);
        _selfNorm = BartStack.Norm(config, placement);
        if (size.ReadsSource)
        {
            _cross = Attention(readsSource: true);
            _crossNorm = BartStack.Norm(config, placement);
        }
        _up = new Linear(config.HiddenSize, size.IntermediateSize, placement);
        _down = new Linear(size.IntermediateSize, config.HiddenSize, placement);
        _finalNorm = BartStack.Norm(config, placement);
        (_activation, _activationName) = (Activations.Find(config.Activation), config.Activation);
        (_dropout, _activationDropout, _layerDrop) = (config.Dropout, config.ActivationDropout, size.LayerDrop);
        RegisterComponents();

        MultiHeadAttention Attention(bool readsSource) => new(
            _names, new AttentionShape(config.HiddenSize, size.Heads, size.Heads, config.HiddenSize / size.Heads),
            new AttentionOptions(config.AttentionDropout) { ReadsSource = readsSource }, placement);
    }

    public override VectorLayer? Vectors(VectorWeights weights, VectorWorkspace work)
    {
        if (VectorActivations.Find(_activationName) is not { } activation)
        {
            return null;
        }
        var feedForward = new VectorFeedForward(work, _up.Vectors(weights), _down.Vectors(weights), activation);
        return new VectorLayer(
            new VectorSublayer(work, _self.Vectors(weights, work)) { After = _selfNorm.Vectors(weights) },
            new VectorSublayer(work, _cross!.Vectors(weights, work)) { After = _crossNorm!.Vectors(weights) },
            new VectorSublayer(work, feedForward) { After = _finalNorm.Vectors(weights) });
    }

    // hidden: (batch, tokens, hidden)
    public override Tensor forward(Tensor hidden, LayerStep step)
    {
        if (IsLeftOut())
        {
            return hidden.alias();
        }
        hidden = _selfNorm.forward(hidden.Plus(Drop(_self.forward(hidden, step))));
        if (_cross is not null)
        {
            hidden = _crossNorm!.forward(hidden.Plus(Drop(_cross.forward(hidden, step))));
        }
        Tensor wide = Dropout.Of(_activation(_up.forward(hidden)), _activationDropout, training);
        return _finalNorm.forward(hidden.Plus(Drop(_down.forward(wide))));
    }

    private Tensor Drop(Tensor x) => Dropout.Of(x, _dropout, training);

    // A step of training leaves out whole layers (Fan et al. 2020).
    private bool IsLeftOut()
    {
        if (!training || _layerDrop == 0)
        {
            return false;
        }
        using Tensor drawn = rand(1);
        return drawn.item<float>() < _layerDrop;
    }
}
