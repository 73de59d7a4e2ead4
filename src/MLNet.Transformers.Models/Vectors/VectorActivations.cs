using System.Runtime.Intrinsics;
using MLNet.Transformers.Models.Runtime;

namespace MLNet.Transformers.Models.Vectors;

/// <summary>An activation function of sixteen values; of 0 it is 0.</summary>
internal delegate Vector512<float> VectorActivation(Vector512<float> x);

/// <summary>The activation functions that one token is computed with, by the names of <see cref="Nn.Activations"/>.</summary>
internal static class VectorActivations
{
    private const float RootOf2OverPi = 0.7978845608f;
    private const float RootOfHalf = 0.7071067812f;

    /// <summary>Null: there is none of that name here.</summary>
    public static VectorActivation? Find(string name) => name switch
    {
        "silu" or "swish" => static x => x / (Vector512<float>.One + Exponential.Of(-x)),
        "gelu" or "gelu_python" => static x => Gelu(x),
        "relu" => static x => Vector512.Max(x, Vector512<float>.Zero),
        "gelu_new" or "gelu_pytorch_tanh" or "gelu_python_tanh" or "gelu_fast" or "gelu_accurate" => static x => GeluTanh(x),
        _ => null,
    };

    // ½ x (1 + erf(x / √2)); erf to 1.5e-7 (Abramowitz and Stegun 1964, 7.1.26).
    private static Vector512<float> Gelu(Vector512<float> x)
    {
        Vector512<float> z = Vector512.Abs(x) * Vector512.Create(RootOfHalf);
        Vector512<float> t = Vector512<float>.One / (Vector512<float>.One + (z * Vector512.Create(0.3275911f)));
        Vector512<float> sum = Vector512.Create(1.061405429f);
        sum = (sum * t) + Vector512.Create(-1.453152027f);
        sum = (sum * t) + Vector512.Create(1.421413741f);
        sum = (sum * t) + Vector512.Create(-0.284496736f);
        sum = (sum * t) + Vector512.Create(0.254829592f);
        // 1 − erf z: for negative x what is left of it, for others what it takes away.
        Vector512<float> tail = sum * t * Exponential.Of(-(z * z)) * Vector512.Create(0.5f);
        return x * Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<float>.Zero), tail, Vector512<float>.One - tail);
    }

    // ½ x (1 + tanh y) = x / (1 + exp(−2 y)).
    private static Vector512<float> GeluTanh(Vector512<float> x)
    {
        Vector512<float> inner = (x + (x * x * x * Vector512.Create(0.044715f))) * Vector512.Create(RootOf2OverPi);
        return x / (Vector512<float>.One + Exponential.Of(inner * Vector512.Create(-2f)));
    }
}
