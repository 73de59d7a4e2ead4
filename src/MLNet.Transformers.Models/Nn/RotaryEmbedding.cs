using MLNet.Transformers.Models.Vectors;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Nn;

/// <summary>Which values of a head are turned together.</summary>
internal enum RotaryPairs
{
    /// <summary>A value of the first half and that of the second half at the same place: LLaMA as Hugging Face stores it.</summary>
    Halves,

    /// <summary>Two neighbours: GLM.</summary>
    Neighbours,
}

/// <summary>Rotary position embedding (Su et al. 2021): each pair of a head's values is turned by its frequency times the token's position.</summary>
/// <param name="theta">The base of the frequencies (<c>rope_theta</c>).</param>
/// <param name="width">Values in front of a head that are turned; where it is odd, one more is, as in the reference.</param>
/// <param name="pairs">Which two are turned together.</param>
/// <param name="scaling">How frequencies follow from the base.</param>
internal sealed class RotaryEmbedding(double theta, int width, RotaryPairs pairs, RotaryScaling scaling)
{
    private readonly Lazy<float[]> _frequencies = new(() => scaling.Frequencies(theta, width, length: 0));

    /// <summary>The turns of one token.</summary>
    public VectorTurns At(long position)
    {
        float[] frequencies = scaling.DependsOnLength ? scaling.Frequencies(theta, width, position + 1) : _frequencies.Value;
        (float[] cosine, float[] sine) = (new float[frequencies.Length], new float[frequencies.Length]);
        for (int pair = 0; pair < frequencies.Length; pair++)
        {
            float angle = position * frequencies[pair];
            (cosine[pair], sine[pair]) = ((float)(MathF.Cos(angle) * scaling.Magnitude), (float)(MathF.Sin(angle) * scaling.Magnitude));
        }
        return new VectorTurns(cosine, sine, pairs);
    }

    /// <summary>The turns of a batch, computed once for all layers, in float32.</summary>
    /// <param name="positions">int64, (batch or 1, tokens).</param>
    /// <param name="type">The type of what is turned.</param>
    public Rotation At(Tensor positions, ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        float[] frequencies = scaling.DependsOnLength
            ? scaling.Frequencies(theta, width, positions.max().item<long>() + 1)
            : _frequencies.Value;
        Tensor angles = positions.to(ScalarType.Float32).unsqueeze(-1) * tensor(frequencies, device: positions.device);
        return new Rotation(Turns(angles.cos()), Turns(angles.sin()), pairs);

        // (batch or 1, 1, tokens, pairs)
        Tensor Turns(Tensor values) => (scaling.Magnitude == 1 ? values : values * Number(scaling.Magnitude)).to(type).unsqueeze(1).MoveToOuterDisposeScope();
    }
}
