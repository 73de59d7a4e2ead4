using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNet.Transformers.Benchmarks.Throughput;

/// <summary>A BERT with two classes as anybody would write it with TorchSharp's own modules: what training is compared with.</summary>
internal sealed class PlainNetwork : nn.Module<Tensor, Tensor>
{
    private readonly Embedding _tokens;
    private readonly Embedding _positions;
    private readonly LayerNorm _norm;
    private readonly Dropout _dropout = nn.Dropout(0.1);
    private readonly ModuleList<PlainLayer> _layers;
    private readonly Linear _pooler;
    private readonly Linear _classifier;

    public PlainNetwork(long vocabulary, long width, long layers, long heads, long inner, long positions)
        : base(nameof(PlainNetwork))
    {
        _tokens = nn.Embedding(vocabulary, width);
        _positions = nn.Embedding(positions, width);
        _norm = nn.LayerNorm(width);
        _layers = new ModuleList<PlainLayer>([.. Enumerable.Range(0, (int)layers).Select(_ => new PlainLayer(width, heads, inner))]);
        _pooler = nn.Linear(width, width);
        _classifier = nn.Linear(width, 2);
        RegisterComponents();
    }

    // ids: (batch, tokens)
    public override Tensor forward(Tensor ids)
    {
        Tensor hidden = _dropout.forward(_norm.forward(_tokens.forward(ids) + _positions.forward(arange(ids.shape[1]))));
        foreach (PlainLayer layer in _layers)
        {
            hidden = layer.forward(hidden);
        }
        return _classifier.forward(_dropout.forward(_pooler.forward(hidden.select(1, 0)).tanh()));
    }
}

internal sealed class PlainLayer : nn.Module<Tensor, Tensor>
{
    private readonly long _heads;
    private readonly Linear _query;
    private readonly Linear _key;
    private readonly Linear _value;
    private readonly Linear _projection;
    private readonly LayerNorm _attentionNorm;
    private readonly Linear _inner;
    private readonly Linear _outer;
    private readonly LayerNorm _norm;
    private readonly Dropout _dropout = nn.Dropout(0.1);

    public PlainLayer(long width, long heads, long inner)
        : base(nameof(PlainLayer))
    {
        _heads = heads;
        (_query, _key, _value, _projection) = (nn.Linear(width, width), nn.Linear(width, width), nn.Linear(width, width), nn.Linear(width, width));
        (_inner, _outer) = (nn.Linear(width, inner), nn.Linear(inner, width));
        (_attentionNorm, _norm) = (nn.LayerNorm(width), nn.LayerNorm(width));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        Tensor attended = nn.functional.scaled_dot_product_attention(Split(_query.forward(x)), Split(_key.forward(x)), Split(_value.forward(x)), null, training ? 0.1 : 0);
        Tensor middle = _attentionNorm.forward(x + _dropout.forward(_projection.forward(attended.transpose(1, 2).flatten(2))));
        return _norm.forward(middle + _dropout.forward(_outer.forward(nn.functional.gelu(_inner.forward(middle)))));

        Tensor Split(Tensor y) => y.unflatten(2, [_heads, y.shape[2] / _heads]).transpose(1, 2);
    }
}
