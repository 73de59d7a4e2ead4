using MLNet.Transformers.Models.Decoders;
using MLNet.Transformers.Models.Nn;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;
using ModuleList = TorchSharp.Modules.ModuleList<MLNet.Transformers.Models.Decoders.DecoderLayer>;

namespace MLNet.Transformers.Models.Glm.ChatGlm2;

/// <summary>ChatGLM2 and ChatGLM3 without a head (source: THUDM's modeling_chatglm.py, ChatGLMModel).</summary>
internal sealed class ChatGlm2Backbone : Backbone
{
    [ComponentName(Name = "embedding")]
    private readonly ChatGlm2Embedding _embedding;

    [ComponentName(Name = "rotary_pos_emb")]
    private readonly ChatGlm2Frequencies _stored;

    [ComponentName(Name = "encoder")]
    private readonly ChatGlm2Layers _layers;

    private readonly RotaryEmbedding _rotary;
    private readonly bool _pooled;

    public ChatGlm2Backbone(ChatGlm2Config config, bool pooled, Placement placement)
        : base(nameof(ChatGlm2Backbone))
    {
        _embedding = new ChatGlm2Embedding(config, placement);
        _stored = new ChatGlm2Frequencies(config, placement);
        _layers = new ChatGlm2Layers(config, placement);
        (_rotary, _pooled) = (config.Rotary, pooled);
        RegisterComponents();
    }

    public override Tensor TokenEmbedding => _embedding.TokenTable;

    internal override int CachedLayers => _layers.Layers.Count;

    internal override IReadOnlyList<nn.Module> Stages => [_embedding, .. _layers.Layers];

    public override BackboneOutput forward(TokenBatch batch)
    {
        Tensor embedded = _embedding.forward(batch.Ids).to(ComputeType);
        var step = new DecoderStep(Mask(batch), _rotary.At(PositionsOf(batch), ComputeType), Cache: null);
        Tensor hidden = _layers.forward(embedded, step, batch.Cache, HiddenStateObserver);
        // The published head reads the last place whatever stands there, so what is padding is not told from the ids.
        return new BackboneOutput(hidden, _pooled ? LastToken.Of(hidden, batch, padding: null) : null);
    }

    // Padding sees everything, as in the reference: with padding on the left, the last of it is what the first token is predicted from.
    private static Tensor? Mask(TokenBatch batch)
    {
        Tensor? causal = AttentionMask.Causal(batch);
        return batch.Mask is { } mask && mask.dim() == 2 && mask.shape[1] == batch.Length
            ? causal?.logical_or(mask.eq(0).unsqueeze(1).unsqueeze(3))
            : causal;
    }
}

internal sealed class ChatGlm2Embedding : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "word_embeddings")]
    private readonly Embedding _tokens;

    public ChatGlm2Embedding(ChatGlm2Config config, Placement placement)
        : base(nameof(ChatGlm2Embedding))
    {
        _tokens = new Embedding(config.VocabularySize, config.HiddenSize, placement);
        RegisterComponents();
    }

    public Tensor TokenTable => _tokens.Weight;

    public override Tensor forward(Tensor ids) => _tokens.forward(ids);
}

/// <summary>Frequencies that checkpoints hold; they are kept for those who read a checkpoint of ours, and not used.</summary>
internal sealed class ChatGlm2Frequencies : nn.Module
{
    public ChatGlm2Frequencies(ChatGlm2Config config, Placement placement)
        : base(nameof(ChatGlm2Frequencies))
    {
        using var scope = NewDisposeScope();
        register_buffer("inv_freq", tensor(config.StoredFrequencies).to(placement.Device).DetachFromDisposeScope());
    }
}

internal sealed class ChatGlm2Layers : nn.Module<Tensor, DecoderStep, KeyValueCache?, Action<Tensor>?, Tensor>
{
    [ComponentName(Name = "layers")]
    private readonly ModuleList _layers;

    [ComponentName(Name = "final_layernorm")]
    private readonly nn.Module<Tensor, Tensor>? _norm;

    public ChatGlm2Layers(ChatGlm2Config config, Placement placement)
        : base(nameof(ChatGlm2Layers))
    {
        _layers = new ModuleList([.. Enumerable.Range(0, config.Layers).Select(_ => new ChatGlm2Layer(config, placement))]);
        _norm = config.HasFinalNorm ? ChatGlm2Layer.Norm(config, placement) : null;
        RegisterComponents();
    }

    public IReadOnlyList<nn.Module> Layers => [.. _layers];

    public override Tensor forward(Tensor hidden, DecoderStep step, KeyValueCache? cache, Action<Tensor>? observer)
    {
        hidden = _layers.Run(hidden, step, cache, observer);
        observer?.Invoke(hidden);
        return _norm?.forward(hidden) ?? hidden;
    }
}
