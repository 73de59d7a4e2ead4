using System.Runtime.Intrinsics;

namespace MLNet.Transformers.Models.Vectors;

/// <summary>A normalisation of one vector.</summary>
internal interface IVectorNorm
{
    /// <param name="x">What to normalise.</param>
    /// <param name="result">Where to; may be the same.</param>
    void Forward(VectorBuffer x, VectorBuffer result);
}

/// <summary>As <see cref="Nn.RmsNorm"/>, of one vector.</summary>
internal sealed unsafe class VectorRmsNorm(VectorBuffer weight, double epsilon) : IVectorNorm
{
    public void Forward(VectorBuffer x, VectorBuffer result)
    {
        double squares = 0;
        float* from = x.Pointer, to = result.Pointer, scale = weight.Pointer;
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
    public void Forward(VectorBuffer x, VectorBuffer result)
    {
        float* from = x.Pointer, to = result.Pointer;
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
            to[i] = ((from[i] - middle) * factor * weight.Pointer[i]) + bias.Pointer[i];
        }
    }
}
