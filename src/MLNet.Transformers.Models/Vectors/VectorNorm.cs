using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.Transformers.Models.Vectors;

/// <summary>A normalisation of one vector.</summary>
internal interface IVectorNorm
{
    /// <param name="x">What to normalise.</param>
    /// <param name="result">Where to; may be the same.</param>
    /// <param name="vector">Which vector of both.</param>
    void Forward(VectorBuffer x, VectorBuffer result, int vector);
}

/// <summary>As <see cref="Nn.RmsNorm"/>, of one vector.</summary>
internal sealed unsafe class VectorRmsNorm(VectorBuffer weight, double epsilon) : IVectorNorm
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Forward(VectorBuffer x, VectorBuffer result, int vector)
    {
        double squares = 0;
        float* from = x.Pointer(vector), to = result.Pointer(vector), scale = weight.Pointer(0);
        for (int i = 0; i < x.Length; i += VectorBuffer.Block)
        {
            // What is behind the last value is 0.
            Vector512<float> first = Vector512.Load(from + i), second = Vector512.Load(from + i + 16);
            squares += Vector512.Sum((first * first) + (second * second));
        }
        Vector512<float> factor = Vector512.Create((float)(1 / Math.Sqrt((squares / x.Length) + epsilon)));
        for (int i = 0; i < x.Length; i += 16)
        {
            (Vector512.Load(from + i) * factor * Vector512.Load(scale + i)).Store(to + i);
        }
    }
}

/// <summary>As <see cref="Nn.LayerNorm"/>, of one vector.</summary>
internal sealed unsafe class VectorLayerNorm(VectorBuffer weight, VectorBuffer bias, double epsilon) : IVectorNorm
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Forward(VectorBuffer x, VectorBuffer result, int vector)
    {
        float* from = x.Pointer(vector), to = result.Pointer(vector), scale = weight.Pointer(0), added = bias.Pointer(0);
        double sum = 0, squares = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += from[i];
        }
        double mean = sum / x.Length;
        for (int i = 0; i < x.Length; i++)
        {
            squares += (from[i] - mean) * (from[i] - mean);
        }
        float factor = (float)(1 / Math.Sqrt((squares / x.Length) + epsilon)), middle = (float)mean;
        for (int i = 0; i < x.Length; i++)
        {
            to[i] = ((from[i] - middle) * factor * scale[i]) + added[i];
        }
    }
}
