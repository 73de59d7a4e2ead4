using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;

namespace MLNet.Transformers.Models.Vectors;

/// <summary>
/// Reads one token after the other of one text, without libtorch: a call of it costs as much as a product with a vector, and each layer has dozens.
/// The prompt is read by the network itself, many tokens at once.
/// </summary>
internal sealed unsafe class VectorDecoder : IDisposable
{
    private readonly VectorNetwork _network;
    private readonly Products _scores;
    private readonly VectorBuffer _result;

    private VectorDecoder(VectorNetwork network, VectorLinear head, KeyValueCache read)
    {
        _network = network;
        _result = new VectorBuffer(head.Matrix.Rows);
        _scores = new Products(network.Work.Normed, (head, _result));
        for (int i = 0; i < network.Layers.Count; i++)
        {
            network.Layers[i].Take(read[i]);
        }
        Length = read.Length;
    }

    /// <summary>Tokens that it has read, those of the prompt included.</summary>
    public long Length { get; private set; }

    /// <summary>Goes on behind what was read; null where this network, or what it computes in, has no such way.</summary>
    /// <param name="model">A network that writes, in eval mode.</param>
    /// <param name="read">What it read of one text.</param>
    public static VectorDecoder? Begin(TaskModel model, KeyValueCache read)
    {
        VectorWeights? weights = model.VectorWeights;
        return weights is not null && model.Backbone.Vectors(weights) is { } network && model.ScoresOfVector(weights) is { } head ? new VectorDecoder(network, head, read) : null;
    }

    /// <summary>Reads a token.</summary>
    /// <param name="token">Its id.</param>
    /// <param name="position">Its position.</param>
    /// <returns>The scores of the next, a value a word of the vocabulary; good until the next is read.</returns>
    public ReadOnlySpan<float> Read(int token, long position)
    {
        bool alone = ComputeThreads.Adjust() < 2;
        VectorWorkspace work = _network.Work;
        _network.Embed(token, work.Hidden.Values);
        var step = new VectorStep(_network.TurnsAt(position), alone);
        foreach (IVectorLayer layer in _network.Layers)
        {
            layer.Forward(step);
        }
        _network.Norm.Forward(work.Hidden, work.Normed);
        _scores.Run(alone);
        Length++;
        return _result.Values;
    }

    public void Dispose()
    {
        _network.Dispose();
        _result.Dispose();
    }
}

/// <summary>A decoder without its head, for one token of one text.</summary>
/// <param name="Work">Where the token is.</param>
/// <param name="Layers">Its layers.</param>
/// <param name="Norm">The last normalisation.</param>
internal sealed record VectorNetwork(VectorWorkspace Work, IReadOnlyList<IVectorLayer> Layers, VectorNorm Norm) : IDisposable
{
    /// <summary>Gives the vector of a token.</summary>
    public required EmbedToken Embed { get; init; }

    /// <summary>How queries and keys are turned at a position.</summary>
    public required Func<long, VectorTurns> TurnsAt { get; init; }

    public void Dispose()
    {
        foreach (IVectorLayer layer in Layers)
        {
            layer.Dispose();
        }
        Work.Dispose();
    }
}

/// <summary>Gives the vector of a token.</summary>
internal delegate void EmbedToken(int token, Span<float> vector);
