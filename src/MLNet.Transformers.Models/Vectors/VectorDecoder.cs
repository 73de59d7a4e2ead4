using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Vectors;

/// <summary>
/// Reads one token after the other of one text, without libtorch: a call of it costs as much as a product with a vector, and each layer has dozens.
/// The prompt is read by the network itself, many tokens at once.
/// </summary>
internal sealed unsafe class VectorDecoder : IDisposable
{
    private readonly VectorNetwork _network;
    private readonly VectorHead _head;
    private readonly Products _scores;
    private readonly VectorBuffer _result;

    private VectorDecoder(VectorNetwork network, VectorHead head, KeyValueCache read, Tensor? seen)
    {
        (_network, _head) = (network, head);
        _result = new VectorBuffer(head.Linear.Matrix.Rows);
        _scores = new Products(network.Work.Normed, (head.Linear, _result));
        for (int i = 0; i < network.Layers.Count; i++)
        {
            network.Layers[i].Take(read[i], seen);
        }
        Length = read.Length;
    }

    /// <summary>Tokens that it has read, those of the prompt included.</summary>
    public long Length { get; private set; }

    /// <summary>Goes on behind what was read; null where this network, or what it computes in, has no such way.</summary>
    /// <param name="model">A network that writes, in eval mode.</param>
    /// <param name="read">What it read of one text.</param>
    /// <param name="seen">Of the source's tokens those that are seen, int64; null: all, or there is no source.</param>
    public static VectorDecoder? Begin(TaskModel model, KeyValueCache read, Tensor? seen = null)
    {
        if (model.VectorWeights is not { } weights || model.Backbone.Vectors(weights) is not { } network)
        {
            return null;
        }
        if (model.VectorHead(weights) is { } head)
        {
            return new VectorDecoder(network, head, read, seen);
        }
        network.Dispose();
        return null;
    }

    /// <summary>Reads a token.</summary>
    /// <param name="token">Its id.</param>
    /// <param name="position">Its position.</param>
    /// <returns>The scores of the next, a value a word of the vocabulary; good until the next is read.</returns>
    public ReadOnlySpan<float> Read(int token, long position)
    {
        bool alone = ComputeThreads.Adjust() < 2;
        VectorWorkspace work = _network.Work;
        _network.Embed(token, position);
        var step = new VectorStep(_network.TurnsAt?.Invoke(position), _network.Distances, alone);
        foreach (VectorLayer layer in _network.Layers)
        {
            layer.Forward(step);
        }
        work.Hidden.Values.CopyTo(work.Normed.Values);
        _network.Norm?.Forward(work.Hidden, work.Normed);
        if (_head.Scale != 1)
        {
            foreach (ref float value in work.Normed.Values)
            {
                value *= _head.Scale;
            }
        }
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
/// <param name="Norm">The last normalisation; null: there is none.</param>
/// <param name="Embed">Puts a token's vector, for its id and position, where the first layer reads.</param>
internal sealed record VectorNetwork(VectorWorkspace Work, IReadOnlyList<VectorLayer> Layers, IVectorNorm? Norm, Action<int, long> Embed) : IDisposable
{
    /// <summary>How queries and keys are turned at a position; null: not at all.</summary>
    public Func<long, VectorTurns>? TurnsAt { get; init; }

    /// <summary>What is added to scores for the distance of query and key; null: nothing.</summary>
    public VectorDistances? Distances { get; init; }

    /// <summary>Puts layers together; null, and nothing is kept, where one of them has no form for one token.</summary>
    public static VectorNetwork? Of(VectorWorkspace work, IEnumerable<VectorLayer?> layers, IVectorNorm? norm, Action<int, long> embed)
    {
        VectorLayer?[] all = [.. layers];
        if (all.All(layer => layer is not null))
        {
            return new VectorNetwork(work, all!, norm, embed);
        }
        foreach (VectorLayer? layer in all)
        {
            layer?.Dispose();
        }
        work.Dispose();
        return null;
    }

    public void Dispose()
    {
        foreach (VectorLayer layer in Layers)
        {
            layer.Dispose();
        }
        Distances?.Dispose();
        Work.Dispose();
    }
}

/// <summary>The scores of the vocabulary from one vector.</summary>
/// <param name="Linear">The matrix.</param>
/// <param name="Scale">What the vector is multiplied with before.</param>
internal sealed record VectorHead(VectorLinear Linear, float Scale);
