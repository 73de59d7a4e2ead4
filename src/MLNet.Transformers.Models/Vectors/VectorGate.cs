using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.Transformers.Models.Vectors;

/// <summary>A feed-forward part with a gate, of tokens: reads what is normalised, and leaves what is to be added.</summary>
internal sealed unsafe class VectorGate : IVectorPart
{
    private readonly VectorWorkspace _work;
    private readonly Products _in;
    private readonly Products _out;
    private readonly VectorBuffer _values;
    private readonly int _from;
    private readonly int _inner;
    private readonly VectorActivation _activation;

    /// <summary>Gate and values by a matrix each.</summary>
    public VectorGate(VectorWorkspace work, VectorLinear gate, VectorLinear up, VectorLinear down, VectorActivation activation)
        : this(work, new Products(work.Normed, (gate, work.Gate), (up, work.Up)), work.Up, 0, down, activation)
    {
    }

    /// <summary>Both by one, the gate's rows first.</summary>
    public VectorGate(VectorWorkspace work, VectorLinear gateAndUp, VectorLinear down, VectorActivation activation)
        : this(work, new Products(work.Normed, (gateAndUp, work.Gate)), work.Gate, down.Matrix.Columns, down, activation)
    {
    }

    private VectorGate(VectorWorkspace work, Products into, VectorBuffer values, int from, VectorLinear down, VectorActivation activation)
    {
        (_work, _in, _inner, _activation, _values, _from) = (work, into, down.Matrix.Columns, activation, values, from);
        _out = new Products(work.Gate, (down, work.Added));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Forward(VectorStep step)
    {
        _in.Run(step);
        for (int token = 0; token < step.Count; token++)
        {
            float* gated = _work.Gate.Pointer(token), values = _values.Pointer(token) + _from;
            for (int i = 0; i < _inner; i += 16)
            {
                (_activation(Vector512.Load(gated + i)) * Vector512.Load(values + i)).Store(gated + i);
            }
        }
        _out.Run(step);
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Forward(VectorStep step)
    {
        _in.Run(step);
        for (int token = 0; token < step.Count; token++)
        {
            float* inner = work.Gate.Pointer(token);
            for (int i = 0; i < down.Matrix.Columns; i += 16)
            {
                activation(Vector512.Load(inner + i)).Store(inner + i);
            }
        }
        _out.Run(step);
    }

    public void Dispose()
    {
    }
}
