using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Vectors;

/// <summary>Self-attention with its projections, as <see cref="MultiHeadAttention"/>, of tokens to all before them and themselves.</summary>
internal sealed unsafe class VectorAttention : IVectorPart
{
    private readonly AttentionShape _shape;
    private readonly VectorWorkspace _work;
    private readonly Products _project;
    private readonly Products _output;
    private readonly VectorMemory _memory;
    private readonly HeadsOfVector _heads;

    /// <param name="shape">Number and widths of the heads.</param>
    /// <param name="scale">Factor on the scores.</param>
    /// <param name="work">Where the token is.</param>
    /// <param name="query">The projections.</param>
    /// <param name="key"/>
    /// <param name="value"/>
    /// <param name="output"/>
    public VectorAttention(
        AttentionShape shape, float scale, VectorWorkspace work, VectorLinear query, VectorLinear key, VectorLinear value, VectorLinear output)
    {
        (_shape, _work) = (shape, work);
        _project = new Products(work.Normed, (query, work.Query), (key, work.Key), (value, work.Value));
        _output = new Products(work.Attended, (output, work.Added));
        _memory = new VectorMemory(shape.KeyHeads, shape.HeadWidth);
        _heads = new HeadsOfVector(shape, scale, work, _memory, seesAll: false);
    }

    public void Take(LayerCache read, Tensor? seen) => _memory.Take(read.Target);

    public void Forward(VectorStep step)
    {
        _project.Run(step);
        for (int token = 0; token < step.Count; token++)
        {
            step.Turns?[token].Apply(_work.Query.Values(token), _shape.HeadWidth);
            step.Turns?[token].Apply(_work.Key.Values(token), _shape.HeadWidth);
            _memory.Append(_work.Key.Values(token), _work.Value.Values(token));
        }
        _heads.Run(step);
        _output.Run(step);
    }

    public void Dispose()
    {
        _memory.Dispose();
        _heads.Dispose();
    }
}

/// <summary>Attention of tokens to a source, whose keys and values are computed already.</summary>
internal sealed class VectorSourceAttention : IVectorPart
{
    private readonly Products _project;
    private readonly Products _output;
    private readonly VectorMemory _memory;
    private readonly HeadsOfVector _heads;

    /// <inheritdoc cref="VectorAttention"/>
    public VectorSourceAttention(AttentionShape shape, float scale, VectorWorkspace work, VectorLinear query, VectorLinear output)
    {
        _project = new Products(work.Normed, (query, work.Query));
        _output = new Products(work.Attended, (output, work.Added));
        _memory = new VectorMemory(shape.KeyHeads, shape.HeadWidth);
        _heads = new HeadsOfVector(shape, scale, work, _memory, seesAll: true);
    }

    public void Take(LayerCache read, Tensor? seen)
    {
        using var scope = NewDisposeScope();
        (Tensor keys, Tensor values) = read.HeldSource;
        _memory.Take(seen is null ? (keys, values) : (keys.index_select(2, seen), values.index_select(2, seen)));
    }

    public void Forward(VectorStep step)
    {
        _project.Run(step);
        _heads.Run(step with { Distances = null });
        _output.Run(step);
    }

    public void Dispose()
    {
        _memory.Dispose();
        _heads.Dispose();
    }
}

/// <summary>The heads of an attention, a piece of work each: from the workspace's queries to what they attend to.</summary>
internal sealed unsafe class HeadsOfVector(AttentionShape shape, float scale, VectorWorkspace work, VectorMemory memory, bool seesAll) : IPieces, IDisposable
{
    private NativeBuffer? _scores;
    private VectorStep _step;

    public void Run(VectorStep step)
    {
        _step = step;
        step.Distances?.Reserve(memory.Length);
        if (_scores is null || _scores.Bytes < (long)shape.Heads * memory.ScoreRoom * sizeof(float))
        {
            _scores?.Dispose();
            _scores = new NativeBuffer(2L * shape.Heads * memory.ScoreRoom * sizeof(float));
        }
        WorkTeam.Run(this, shape.Heads, step.Threads);
    }

    public void Do(int piece)
    {
        float* scores = (float*)_scores!.Pointer + ((long)piece * memory.ScoreRoom);
        for (int token = 0; token < _step.Count; token++)
        {
            // The tokens that are read are the last that are remembered; each sees what stands before it, and itself.
            int seen = seesAll ? memory.Length : memory.Length - _step.Count + token + 1;
            float* query = work.Query.Pointer(token) + (piece * shape.HeadWidth), result = work.Attended.Pointer(token) + (piece * shape.HeadWidth);
            float* added = _step.Distances is { } distances ? distances.Of(piece, seen) : null;
            memory.Attend(query, piece / (shape.Heads / shape.KeyHeads), seen, scale, added, scores, result);
        }
    }

    public void Dispose() => _scores?.Dispose();
}
