using MLNet.Transformers.Models.Nn;
using TorchSharp.Utils;
using static TorchSharp.torch;
using ModuleList = TorchSharp.Modules.ModuleList<MLNet.Transformers.Models.Nn.Layer>;

namespace MLNet.Transformers.Models.Glm.ChatGlm1;

/// <summary>ChatGLM-6B without a head (source: THUDM's modeling_chatglm.py, ChatGLMModel). Positions are (batch, 2, tokens), as in the GLM of 2022.</summary>
internal sealed class ChatGlm1Backbone : Backbone
{
    [ComponentName(Name = "word_embeddings")]
    private readonly Embedding _tokens;

    [ComponentName(Name = "layers")]
    private readonly ModuleList _layers;

    [ComponentName(Name = "final_layernorm")]
    private readonly LayerNorm _norm;

    private readonly ChatGlm1Blank _blank;
    private readonly RotaryEmbedding _rotary;
    private readonly bool _pooled;

    public ChatGlm1Backbone(ChatGlm1Config config, bool pooled, Placement placement)
        : base(nameof(ChatGlm1Backbone))
    {
        _tokens = new Embedding(config.VocabularySize, config.HiddenSize, placement);
        _layers = new ModuleList([.. Enumerable.Range(0, config.Layers).Select(_ => new ChatGlm1Layer(config, placement))]);
        _norm = new LayerNorm(config.HiddenSize, config.NormEpsilon, placement);
        _blank = new ChatGlm1Blank(config.StartId, config.MaskId, config.EndMaskId);
        (_rotary, _pooled) = (config.Rotary, pooled);
        RegisterComponents();
    }

    public override Tensor TokenEmbedding => _tokens.Weight;

    internal override int CachedLayers => _layers.Count;

    internal override IReadOnlyList<nn.Module> Stages => [_tokens, .. _layers];

    public override BackboneOutput forward(TokenBatch batch)
    {
        Tensor hidden = _tokens.forward(batch.Ids).to(ComputeType);
        Tensor positions = PositionsOf(batch);
        Tensor? mask = AttentionMask.CausalOrUniform(batch with { Mask = MaskOf(batch) }, ComputeType);
        var step = new LayerStep(mask, Rotation: new RotationOfHalves(Turns(0), Turns(1)));
        hidden = _norm.forward(_layers.Run(hidden, step, batch));
        return new BackboneOutput(hidden, _pooled ? LastToken.Of(hidden, batch, padding: null) : null);

        Rotation Turns(long row) => _rotary.At(positions.select(1, row), ComputeType);
    }

    internal override Tensor PositionsOf(TokenBatch batch) => batch.Positions ?? _blank.Positions(batch);

    internal override Tensor PositionsAfter(Tensor positions) => ChatGlm1Blank.PositionsAfter(positions);

    // With a cache the text before is not at hand: what is given then says all.
    internal override Tensor? MaskOf(TokenBatch batch) =>
        batch.Cache is { Length: > 0 } || batch.Mask is { } given && given.dim() != 2 ? batch.Mask : _blank.Mask(batch);
}
