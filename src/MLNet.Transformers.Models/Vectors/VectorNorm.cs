using System.Runtime.Intrinsics;

namespace MLNet.Transformers.Models.Vectors;

/// <summary>As <see cref="Nn.RmsNorm"/>, of one vector.</summary>
internal sealed unsafe class VectorNorm(VectorBuffer weight, double epsilon)
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
