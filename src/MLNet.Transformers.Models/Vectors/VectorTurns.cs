using System.Runtime.CompilerServices;
using MLNet.Transformers.Models.Nn;

namespace MLNet.Transformers.Models.Vectors;

/// <summary>As <see cref="Rotation"/>, of one token.</summary>
/// <param name="Cosine">A value a pair.</param>
/// <param name="Sine">A value a pair.</param>
/// <param name="Pairs">Which two values are turned together.</param>
internal sealed record VectorTurns(float[] Cosine, float[] Sine, RotaryPairs Pairs)
{
    /// <summary>Turns each head of queries or keys; what is behind the pairs stays.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Apply(Span<float> heads, int width)
    {
        (int next, int stride) = Pairs == RotaryPairs.Halves ? (Cosine.Length, 1) : (1, 2);
        for (; heads.Length > 0; heads = heads[width..])
        {
            for (int pair = 0; pair < Cosine.Length; pair++)
            {
                ref float first = ref heads[pair * stride], second = ref heads[(pair * stride) + next];
                (first, second) = ((first * Cosine[pair]) - (second * Sine[pair]), (second * Cosine[pair]) + (first * Sine[pair]));
            }
        }
    }
}
