using System.Runtime.Intrinsics;

namespace MLNet.Transformers.Models.Vectors;

/// <summary>A feed-forward part with a gate, of one token: reads what is normalised, and leaves what is to be added.</summary>
internal sealed unsafe class VectorGate
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
}

/// <summary>An activation function of sixteen values; of 0 it is 0.</summary>
internal delegate Vector512<float> VectorActivation(Vector512<float> x);

/// <summary>The activation functions that one token is computed with, by the names of <see cref="Nn.Activations"/>.</summary>
internal static class VectorActivations
{
    private const float RootOf2OverPi = 0.7978845608f;

    /// <summary>Null: there is none of that name here.</summary>
    public static VectorActivation? Find(string name) => name switch
    {
        "silu" or "swish" => static x => x / (Vector512<float>.One + Vector512.Exp(-x)),
        "relu" => static x => Vector512.Max(x, Vector512<float>.Zero),
        "gelu_new" or "gelu_pytorch_tanh" or "gelu_python_tanh" or "gelu_fast" or "gelu_accurate" => static x => GeluTanh(x),
        _ => null,
    };

    // ½ x (1 + tanh y) = x / (1 + exp(−2 y)).
    private static Vector512<float> GeluTanh(Vector512<float> x)
    {
        Vector512<float> inner = (x + (x * x * x * Vector512.Create(0.044715f))) * Vector512.Create(RootOf2OverPi);
        return x / (Vector512<float>.One + Vector512.Exp(inner * Vector512.Create(-2f)));
    }
}
