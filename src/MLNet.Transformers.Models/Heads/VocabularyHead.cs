using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Vectors;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace MLNet.Transformers.Models.Heads;

/// <summary>
/// Scores over the vocabulary, (batch, tokens, vocabulary): each token's vector, transformed in some networks, times a matrix of its own or times the
/// token embedding.
/// </summary>
internal sealed class VocabularyHead : Head
{
    private readonly VocabularyTransform? _transform;
    private readonly Linear? _matrix;
    private readonly TiedLinear _tied = new();
    private readonly Tensor? _bias;
    private readonly double _scale;
    private readonly Linear? _sequence;

    /// <param name="name">The checkpoint's name of the matrix.</param>
    /// <param name="config">The network's config.</param>
    /// <param name="tied">Whether the token embedding takes the place of a matrix.</param>
    /// <param name="placement">Where the parameters lie.</param>
    /// <param name="options">What the head has besides; null: nothing.</param>
    public VocabularyHead(string name, ModelConfig config, bool tied, Placement placement, VocabularyHeadOptions? options = null)
        : base(nameof(VocabularyHead))
    {
        options ??= new VocabularyHeadOptions();
        _scale = options.Scale;
        if (options.Transform is { } transform)
        {
            _transform = transform;
            this.Register(transform.DenseName, transform.Dense);
            this.Register(transform.NormName, transform.Norm);
        }
        if (!tied)
        {
            _matrix = new Linear(config.HiddenSize, config.VocabularySize, placement, options.BiasName is not null);
            this.Register(name, _matrix);
        }
        else if (options.BiasName is { } biasName)
        {
            var bias = new Parameter(placement.Empty(config.VocabularySize));
            _bias = bias;
            this.Register(biasName, bias);
        }
        if (options.FixedBiasName is { } fixedBiasName)
        {
            _bias = placement.Empty(1, config.VocabularySize).zero_();
            this.RegisterBuffer(fixedBiasName, _bias);
        }
        if (options.SequenceScoresName is { } sequenceScoresName)
        {
            _sequence = new Linear(config.HiddenSize, 2, placement);
            this.Register(sequenceScoresName, _sequence);
        }
        this.Register("tied", _tied);
    }

    public override VectorHead? Vectors(VectorWeights weights, Tensor tokenEmbedding)
    {
        VectorLinear linear = _matrix?.Vectors(weights) ?? new VectorLinear(weights.Matrix(tokenEmbedding), null);
        bool isPlain = _transform is null && _sequence is null && (_bias is null || linear.Bias is null);
        return isPlain ? new VectorHead(_bias is null ? linear : linear with { Bias = weights.Vector(_bias) }, (float)_scale) : null;
    }

    public override HeadOutput forward(BackboneOutput states, Tensor tokenEmbedding)
    {
        Tensor x = _transform?.Forward(states.Tokens) ?? states.Tokens;
        x = _scale == 1 ? x : x * Number(_scale);
        Tensor scores = _matrix?.forward(x) ?? _tied.forward(x, tokenEmbedding);
        return new HeadOutput(_bias is null ? scores : scores.Plus(_bias), _sequence?.forward(states.Pooled!));
    }
}

/// <summary>What a head over the vocabulary may have besides its matrix.</summary>
internal sealed record VocabularyHeadOptions
{
    /// <summary>What each vector goes through first.</summary>
    public VocabularyTransform? Transform { get; init; }

    /// <summary>What each vector is multiplied by (T5 v1.0: hidden^-½).</summary>
    public double Scale { get; init; } = 1;

    /// <summary>The name of a trained bias where the matrix is the token embedding; a matrix of its own then has a bias as well.</summary>
    public string? BiasName { get; init; }

    /// <summary>The name of a bias that is not trained (BART).</summary>
    public string? FixedBiasName { get; init; }

    /// <summary>The name of a layer of two scores of the sequence's vector: whether the second text follows the first (BERT §3.1).</summary>
    public string? SequenceScoresName { get; init; }
}

/// <summary>A layer, an activation and a normalisation, of the width of the network (BERT's and RoBERTa's masked language models).</summary>
internal sealed record VocabularyTransform(string DenseName, Linear Dense, Func<Tensor, Tensor> Activation, string NormName, LayerNorm Norm)
{
    public Tensor Forward(Tensor hidden) => Norm.forward(Activation(Dense.forward(hidden)));
}
