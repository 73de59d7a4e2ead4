using MLNet.Transformers.Models.Nn;

namespace MLNet.Transformers.Models.Vectors;

/// <summary>Self-attention with its projections, as <see cref="MultiHeadAttention"/>, of one token to all before it.</summary>
internal sealed unsafe class VectorAttention : IPieces, IDisposable
{
    private readonly AttentionShape _shape;
    private readonly VectorWorkspace _work;
    private readonly Products _project;
    private readonly Products _output;
    private readonly VectorMemory _memory;
    private readonly float _scale;
    private NativeBuffer? _scores;

    /// <param name="shape">Number and widths of the heads.</param>
    /// <param name="work">Where the token is; reads what is normalised, and leaves what is to be added.</param>
    /// <param name="query">The projections.</param>
    /// <param name="key"/>
    /// <param name="value"/>
    /// <param name="output"/>
    public VectorAttention(AttentionShape shape, VectorWorkspace work, VectorLinear query, VectorLinear key, VectorLinear value, VectorLinear output)
    {
        (_shape, _work) = (shape, work);
        _project = new Products(work.Normed, (query, work.Query), (key, work.Key), (value, work.Value));
        _output = new Products(work.Attended, (output, work.Added));
        _memory = new VectorMemory(shape.KeyHeads, shape.HeadWidth);
        _scale = (float)(1 / Math.Sqrt(shape.HeadWidth));
    }

    public void Take(LayerCache read) => _memory.Take(read);

    public void Forward(VectorStep step)
    {
        _project.Run(step.Alone);
        step.Turns.Apply(_work.Query.Values, _shape.HeadWidth);
        step.Turns.Apply(_work.Key.Values, _shape.HeadWidth);
        _memory.Append(_work.Key.Values, _work.Value.Values);
        if (_scores is null || _scores.Bytes < (long)_shape.Heads * _memory.ScoreRoom * sizeof(float))
        {
            _scores?.Dispose();
            _scores = new NativeBuffer(2L * _shape.Heads * _memory.ScoreRoom * sizeof(float));
        }
        WorkTeam.Run(this, _shape.Heads, step.Alone);
        _output.Run(step.Alone);
    }

    void IPieces.Do(int piece) => _memory.Attend(
        _work.Query.Pointer + (piece * _shape.HeadWidth), piece / (_shape.Heads / _shape.KeyHeads), _scale,
        (float*)_scores!.Pointer + ((long)piece * _memory.ScoreRoom), _work.Attended.Pointer + (piece * _shape.HeadWidth));

    public void Dispose()
    {
        _memory.Dispose();
        _scores?.Dispose();
    }
}
