using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Vectors;

/// <summary>
/// Reads the tokens of one text as they are written, without libtorch: a call of it costs as much as a product with a vector, and each layer has dozens.
/// The prompt is read by the network itself, unless its weights are packed.
/// </summary>
internal sealed unsafe class VectorDecoder : IDisposable
{
    private readonly VectorNetwork _network;
    private readonly VectorHead _head;
    private readonly Products _scores;
    private readonly VectorBuffer _result;

    private VectorDecoder(VectorNetwork network, VectorHead head, KeyValueCache? read, Tensor? seen)
    {
        (_network, _head) = (network, head);
        _result = new VectorBuffer(head.Linear.Matrix.Rows);
        _scores = new Products(network.Work.Normed, (head.Linear, _result));
        for (int i = 0; read is not null && i < network.Layers.Count; i++)
        {
            network.Layers[i].Take(read[i], seen);
        }
        Length = read?.Length ?? 0;
    }

    /// <summary>Tokens that it has read, those of the prompt included.</summary>
    public long Length { get; private set; }

    /// <summary>Goes on behind what was read; null where this network, or what it computes in, has no such way.</summary>
    /// <param name="model">A network that writes, in eval mode.</param>
    /// <param name="read">What it read of one text; null: nothing yet.</param>
    /// <param name="seen">Of the source's tokens those that are seen, int64; null: all, or there is no source.</param>
    public static VectorDecoder? Begin(TaskModel model, KeyValueCache? read, Tensor? seen = null)
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

    /// <summary>Reads tokens.</summary>
    /// <param name="tokens">Their ids, at least one.</param>
    /// <param name="positions">Their positions.</param>
    /// <returns>The scores of the next, a value a word of the vocabulary; good until more are read.</returns>
    public ReadOnlySpan<float> Read(ReadOnlySpan<long> tokens, ReadOnlySpan<long> positions)
    {
        int threads = ComputeThreads.Adjust();
        while (tokens.Length > VectorWorkspace.Tokens)
        {
            ReadTogether(tokens[..VectorWorkspace.Tokens], positions, threads);
            tokens = tokens[VectorWorkspace.Tokens..];
            positions = positions[VectorWorkspace.Tokens..];
        }
        ReadTogether(tokens, positions, threads);
        VectorWorkspace work = _network.Work;
        work.Hidden.Values(tokens.Length - 1).CopyTo(work.Hidden.Values(0));
        work.Hidden.Values(0).CopyTo(work.Normed.Values(0));
        _network.Norm?.Forward(work.Hidden, work.Normed, 0);
        if (_head.Scale != 1)
        {
            foreach (ref float value in work.Normed.Values(0))
            {
                value *= _head.Scale;
            }
        }
        _scores.Run(new VectorStep(1, null, null, threads));
        return _result.Values(0);
    }

    private void ReadTogether(ReadOnlySpan<long> tokens, ReadOnlySpan<long> positions, int threads)
    {
        VectorTurns[]? turns = _network.TurnsAt is null ? null : new VectorTurns[tokens.Length];
        for (int i = 0; i < tokens.Length; i++)
        {
            _network.Embed((int)tokens[i], positions[i], i);
            if (turns is not null)
            {
                turns[i] = _network.TurnsAt!(positions[i]);
            }
        }
        var step = new VectorStep(tokens.Length, turns, _network.Distances, threads);
        foreach (VectorLayer layer in _network.Layers)
        {
            layer.Forward(step);
        }
        Length += tokens.Length;
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
/// <param name="Embed">Puts a token's vector, for its id and position, where the first layer reads: the vector of that number.</param>
internal sealed record VectorNetwork(VectorWorkspace Work, IReadOnlyList<VectorLayer> Layers, IVectorNorm? Norm, Action<int, long, int> Embed) : IDisposable
{
    /// <summary>How queries and keys are turned at a position; null: not at all.</summary>
    public Func<long, VectorTurns>? TurnsAt { get; init; }

    /// <summary>What is added to scores for the distance of query and key; null: nothing.</summary>
    public VectorDistances? Distances { get; init; }

    /// <summary>Puts layers together; null, and nothing is kept, where one of them has no form for one token.</summary>
    public static VectorNetwork? Of(VectorWorkspace work, IEnumerable<VectorLayer?> layers, IVectorNorm? norm, Action<int, long, int> embed)
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
