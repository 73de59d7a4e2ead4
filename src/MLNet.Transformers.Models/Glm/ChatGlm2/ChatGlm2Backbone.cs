using MLNet.Transformers.Models.Nn;
using TorchSharp.Utils;
using static TorchSharp.torch;
using ModuleList = TorchSharp.Modules.ModuleList<MLNet.Transformers.Models.Nn.Layer>;

namespace MLNet.Transformers.Models.Glm.ChatGlm2;

/// <summary>ChatGLM2 and ChatGLM3 without a head (source: THUDM's modeling_chatglm.py, ChatGLMModel).</summary>
internal sealed class ChatGlm2Backbone : Backbone
{
    [ComponentName(Name = "embedding.word_embeddings")]
    private readonly Embedding _tokens;

    // Frequencies that checkpoints hold; they are kept for those who read a checkpoint of ours, and not used.
    [ComponentName(Name = "rotary_pos_emb.inv_freq")]
    private readonly Tensor _storedFrequencies;

    [ComponentName(Name = "encoder.layers")]
    private readonly ModuleList _layers;

    [ComponentName(Name = "encoder.final_layernorm")]
    private readonly nn.Module<Tensor, Tensor>? _norm;

    private readonly RotaryEmbedding _rotary;
    private readonly bool _pooled;

    public ChatGlm2Backbone(ChatGlm2Config config, bool pooled, Placement placement)
        : base(nameof(ChatGlm2Backbone))
    {
        _tokens = new Embedding(config.VocabularySize, config.HiddenSize, placement);
        _storedFrequencies = tensor(config.StoredFrequencies, device: placement.Device).DetachFromDisposeScope();
        _layers = new ModuleList([.. Enumerable.Range(0, config.Layers).Select(_ => new ChatGlm2Layer(config, placement))]);
        _norm = config.HasFinalNorm ? ChatGlm2Layer.Norm(config, placement) : null;
        (_rotary, _pooled) = (config.Rotary, pooled);
        RegisterComponents();
    }

    public override Tensor TokenEmbedding => _tokens.Weight;

    internal override int CachedLayers => _layers.Count;

    internal override IReadOnlyList<nn.Module> Stages => [_tokens, .. _layers];

    public override BackboneOutput forward(TokenBatch batch)
    {
        Tensor embedded = _tokens.forward(batch.Ids).to(ComputeType);
        var step = new LayerStep(Mask(batch), Rotation: _rotary.At(PositionsOf(batch), ComputeType));
        Tensor hidden = _layers.Run(embedded, step, batch);
        hidden = _norm?.forward(hidden) ?? hidden;
        // The published head reads the last place whatever stands there, so what is padding is not told from the ids.
        return new BackboneOutput(hidden, _pooled ? LastToken.Of(hidden, batch, padding: null) : null);
    }

    // Padding sees everything, as in the reference: with padding on the left, the last of it is what the first token is predicted from.
    private static Tensor? Mask(TokenBatch batch)
    {
        Tensor? causal = AttentionMask.Causal(batch);
        return batch.Mask is { } mask && mask.dim() == 2 && mask.shape[1] == batch.Length
            ? causal?.logical_or(mask.eq(Number(0)).unsqueeze(1).unsqueeze(3))
            : causal;
    }
}
