using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Vectors;
using TorchSharp.Utils;
using static TorchSharp.torch;
using ModuleList = TorchSharp.Modules.ModuleList<MLNet.Transformers.Models.Nn.Layer>;

namespace MLNet.Transformers.Models.Bart;

/// <summary>In what encoder and decoder may differ.</summary>
/// <param name="Layers">Number of layers.</param>
/// <param name="Heads">Attention heads of a layer.</param>
/// <param name="IntermediateSize">Width inside a feed-forward part.</param>
/// <param name="LayerDrop">Share of the layers that a step of training leaves out.</param>
/// <param name="ReadsSource">Whether the layers attend to a source.</param>
/// <param name="ReadsTokens">Whether the stack has token vectors: not where it reads another encoder's.</param>
internal sealed record BartStackSize(int Layers, int Heads, int IntermediateSize, double LayerDrop, bool ReadsSource, bool ReadsTokens)
{
    public static BartStackSize Encoder(BartConfig config) =>
        new(config.EncoderLayers, config.EncoderHeads, config.EncoderIntermediateSize, config.EncoderLayerDrop, ReadsSource: false, ReadsTokens: config.SourceEncoder is null);

    public static BartStackSize Decoder(BartConfig config) =>
        new(config.DecoderLayers, config.DecoderHeads, config.DecoderIntermediateSize, config.DecoderLayerDrop, ReadsSource: true, ReadsTokens: true);
}

/// <summary>BART's encoder or decoder (reference: modeling_bart.py, BartEncoder and BartDecoder).</summary>
internal sealed class BartStack : nn.Module
{
    // The reference's LayerNorm everywhere has torch's default.
    private const double Epsilon = 1e-5;

    // The first two rows of the position table are those of fairseq's padding symbols and are never read.
    private const int PositionOffset = 2;

    [ComponentName(Name = "embed_tokens")]
    private readonly Embedding? _tokens;

    [ComponentName(Name = "embed_positions")]
    private readonly Embedding _positions;

    [ComponentName(Name = "layernorm_embedding")]
    private readonly LayerNorm _norm;

    [ComponentName(Name = "layers")]
    private readonly ModuleList _layers;

    private readonly double _scale;
    private readonly double _dropout;

    public BartStack(BartConfig config, BartStackSize size, Placement placement)
        : base(nameof(BartStack))
    {
        _tokens = config.TiedEmbeddings || !size.ReadsTokens ? null : Tokens(config, placement);
        _positions = new Embedding(config.MaxPositions + PositionOffset, config.HiddenSize, placement);
        _norm = Norm(config, placement);
        _layers = new ModuleList([.. Enumerable.Range(0, size.Layers).Select(_ => new BartLayer(config, size, placement))]);
        _scale = config.ScaledEmbeddings ? Math.Sqrt(config.HiddenSize) : 1;
        _dropout = config.Dropout;
        RegisterComponents();
    }

    /// <summary>The stack's own table of token vectors; null where it shares one.</summary>
    public Embedding? TokenTable => _tokens;

    public IEnumerable<nn.Module> Embeddings => _tokens is null ? [_positions, _norm] : [_tokens, _positions, _norm];

    public IEnumerable<nn.Module> Layers => _layers;

    public static Embedding Tokens(BartConfig config, Placement placement) => new(config.VocabularySize, config.HiddenSize, placement, config.PaddingId);

    public static LayerNorm Norm(BartConfig config, Placement placement) => new(config.HiddenSize, Epsilon, placement);

    /// <summary>Sum of token and position vectors, normalised.</summary>
    /// <param name="ids">(batch, tokens).</param>
    /// <param name="positions">(batch or 1, tokens), counted from 0.</param>
    /// <param name="shared">The table that both stacks share, where they do.</param>
    public Tensor Embed(Tensor ids, Tensor positions, Embedding? shared) =>
        EmbedVectors((_tokens ?? shared)!.forward(ids) * Number(_scale), positions);

    /// <summary>Sum of vectors in place of tokens' and of position vectors, normalised.</summary>
    /// <param name="tokens">(batch, tokens, hidden).</param>
    /// <param name="positions">(batch or 1, tokens), counted from 0.</param>
    public Tensor EmbedVectors(Tensor tokens, Tensor positions)
    {
        Tensor sum = tokens.Plus(_positions.forward(positions.Plus(Number(PositionOffset))));
        return Dropout.Of(_norm.forward(sum), _dropout, training);
    }

    /// <summary>A decoder for one token; null where it has no such form.</summary>
    /// <param name="weights">The network's weights.</param>
    /// <param name="work">Where the token is.</param>
    /// <param name="shared">The table that both stacks share, where they do.</param>
    public VectorNetwork? Vectors(VectorWeights weights, VectorWorkspace work, Embedding? shared)
    {
        WeightMatrix tokens = weights.Table((_tokens ?? shared)!.Weight), positions = weights.Table(_positions.Weight);
        VectorLayerNorm norm = _norm.Vectors(weights);
        return VectorNetwork.Of(work, _layers.Select(layer => layer.Vectors(weights, work)), norm: null, Embed);

        void Embed(int token, long position, int vector)
        {
            Span<float> sum = work.Hidden.Values(vector), place = work.Normed.Values(vector);
            tokens.CopyRow(token, sum);
            positions.CopyRow((int)position + PositionOffset, place);
            for (int i = 0; i < sum.Length; i++)
            {
                sum[i] = (sum[i] * (float)_scale) + place[i];
            }
            norm.Forward(work.Hidden, work.Hidden, vector);
        }
    }

    /// <summary>The layers, one after the other; see <see cref="Nn.Layers.Run"/>.</summary>
    public Tensor Run(Tensor hidden, LayerStep step, TokenBatch batch) => _layers.Run(hidden, step, batch);
}
