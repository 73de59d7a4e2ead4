using System.Runtime.Intrinsics;

namespace MLNet.Transformers.Models.Vectors;

/// <summary>A feed-forward part with a gate, of one token: reads what is normalised, and leaves what is to be added.</summary>
internal sealed unsafe class VectorGate : IVectorPart
{
    private readonly VectorWorkspace _work;
    private readonly Products _in;
    private readonly Products _out;
    private readonly float* _values;
    private readonly int _inner;
    private readonly VectorActivation _activation;

    /// <summary>Gate and values by a matrix each.</summary>
    public VectorGate(VectorWorkspace work, VectorLinear gate, VectorLinear up, VectorLinear down, VectorActivation activation)
        : this(work, new Products(work.Normed, (gate, work.Gate), (up, work.Up)), work.Up.Pointer, down, activation)
    {
    }

    /// <summary>Both by one, the gate's rows first.</summary>
    public VectorGate(VectorWorkspace work, VectorLinear gateAndUp, VectorLinear down, VectorActivation activation)
        : this(work, new Products(work.Normed, (gateAndUp, work.Gate)), work.Gate.Pointer + down.Matrix.Columns, down, activation)
    {
    }

    private VectorGate(VectorWorkspace work, Products into, float* values, VectorLinear down, VectorActivation activation)
    {
        (_work, _in, _inner, _activation) = (work, into, down.Matrix.Columns, activation);
        _values = values;
        _out = new Products(work.Gate, (down, work.Added));
    }

    public void Forward(VectorStep step)
    {
        _in.Run(step.Alone);
        float* gated = _work.Gate.Pointer;
        for (int i = 0; i < _inner; i += 16)
        {
            (_activation(Vector512.Load(gated + i)) * Vector512.Load(_values + i)).Store(gated + i);
        }
        _out.Run(step.Alone);
    }

    public void Dispose()
    {
    }
}

/// <summary>A feed-forward part: an activation between two projections.</summary>
internal sealed unsafe class VectorFeedForward(VectorWorkspace work, VectorLinear up, VectorLinear down, VectorActivation activation) : IVectorPart
{
    private readonly Products _in = new(work.Normed, (up, work.Gate));
    private readonly Products _out = new(work.Gate, (down, work.Added));

    public void Forward(VectorStep step)
    {
        _in.Run(step.Alone);
        float* inner = work.Gate.Pointer;
        for (int i = 0; i < down.Matrix.Columns; i += 16)
        {
            activation(Vector512.Load(inner + i)).Store(inner + i);
        }
        _out.Run(step.Alone);
    }

    public void Dispose()
    {
    }
}
