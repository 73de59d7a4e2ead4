using MLNet.Transformers.Models.Tiles;
using MLNet.Transformers.Models.Vectors;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Nn;

/// <summary>Attention with its projections ("Attention Is All You Need" §3.2.2): of tokens to each other, or to a source, whose keys are computed once where there is a cache.</summary>
internal sealed class MultiHeadAttention : nn.Module<Tensor, LayerStep, Tensor>
{
    private readonly Linear _query;
    private readonly Linear _key;
    private readonly Linear _value;
    private readonly Linear? _output;
    private readonly AttentionShape _shape;
    private readonly AttentionOptions _options;

    /// <param name="names">The checkpoint's names of the projections.</param>
    /// <param name="shape">Number and widths of the heads.</param>
    /// <param name="options">In what it differs from others.</param>
    /// <param name="placement">Where the parameters lie.</param>
    public MultiHeadAttention(AttentionNames names, AttentionShape shape, AttentionOptions options, Placement placement)
        : base(nameof(MultiHeadAttention))
    {
        (_shape, _options) = (shape, options);
        _query = Projection(names.Query, shape.Hidden, shape.QueryWidth, options.Bias);
        _key = Projection(names.Key, shape.Hidden, shape.KeyWidth, options.Bias);
        _value = Projection(names.Value, shape.Hidden, shape.KeyWidth, options.Bias);
        _output = names.Output is { } output ? Projection(output, shape.QueryWidth, shape.Hidden, options.OutputBias) : null;

        Linear Projection(string name, long inputs, long outputs, bool bias)
        {
            var projection = new Linear(inputs, outputs, placement, bias);
            register_module(name, projection);
            return projection;
        }
    }

    /// <summary>The attention for one token; its output is projected.</summary>
    public IVectorPart Vectors(VectorWeights weights, VectorWorkspace work)
    {
        float scale = (float)(_options.Scale ?? 1 / Math.Sqrt(_shape.HeadWidth));
        VectorLinear query = _query.Vectors(weights), output = _output!.Vectors(weights);
        return _options.ReadsSource
            ? new VectorSourceAttention(_shape, scale, work, query, output)
            : new VectorAttention(_shape, scale, work, query, _key.Vectors(weights), _value.Vectors(weights), output);
    }

    /// <summary>The projections to queries, keys and values for many vectors.</summary>
    public (TiledMatrix Query, TiledMatrix Key, TiledMatrix Value) Tiles() => (_query.Tiles(), _key.Tiles(), _value.Tiles());

    // hidden: (batch, tokens, hidden)
    public override Tensor forward(Tensor hidden, LayerStep step)
    {
        Tensor query = Attention.SplitHeads(_query.forward(hidden), _shape.Heads);
        double dropout = training ? _options.Dropout : 0;
        Tensor attended = _options.ReadsSource
            ? ToSource(query, step.Source!, step.Cache, dropout)
            : step.Attend(query, Heads(_key, hidden), Heads(_value, hidden), dropout, _options.Scale);
        return _output?.forward(attended) ?? attended;
    }

    /// <summary>Nothing: the projections are registered under the names that they were given.</summary>
    protected override void RegisterComponents()
    {
    }

    private Tensor ToSource(Tensor query, AttentionSource source, LayerCache? cache, double dropout)
    {
        (Tensor keys, Tensor values) = cache?.Source(() => Read(source.States)) ?? Read(source.States);
        return Attention.Forward(query, keys, values, source.Mask, dropout, _options.Scale);
    }

    private (Tensor Keys, Tensor Values) Read(Tensor x) => (Heads(_key, x), Heads(_value, x));

    private Tensor Heads(Linear projection, Tensor x) => Attention.SplitHeads(projection.forward(x), _shape.KeyHeads);
}

/// <summary>The names of an attention's projections; without <paramref name="Output"/> the heads' values are handed on as they are.</summary>
internal sealed record AttentionNames(string Query, string Key, string Value, string? Output);

/// <summary>In what attentions differ.</summary>
/// <param name="Dropout">Share of attention weights that training drops.</param>
internal sealed record AttentionOptions(double Dropout)
{
    /// <summary>Whether the projections to queries, keys and values have biases.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>Whether the projection of the output has one.</summary>
    public bool OutputBias { get; init; } = true;

    /// <summary>Whether tokens attend to the source in place of each other.</summary>
    public bool ReadsSource { get; init; }

    /// <summary>As <see cref="Attention.Forward"/> takes it.</summary>
    public double? Scale { get; init; }
}
