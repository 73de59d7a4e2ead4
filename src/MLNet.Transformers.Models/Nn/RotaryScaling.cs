using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Nn;

/// <summary>
/// How the frequencies of a rotary embedding follow from its base, so that a network reads longer texts than it was trained on
/// (reference: modeling_rope_utils.py, which also computes them in float32).
/// </summary>
internal abstract record RotaryScaling
{
    /// <summary>What cosines and sines are multiplied by.</summary>
    public virtual double Magnitude => 1;

    /// <summary>Whether frequencies depend on the longest position of a batch.</summary>
    public virtual bool DependsOnLength => false;

    /// <summary>Radians per position of each pair of values.</summary>
    /// <param name="theta">The base.</param>
    /// <param name="width">Values of a head that are rotated.</param>
    /// <param name="length">Positions of the longest sequence; read only where <see cref="DependsOnLength"/>.</param>
    public abstract float[] Frequencies(double theta, int width, long length);

    // θ^(2i/width); its reciprocals are the frequencies of Su et al. 2021, §3.2.2. libtorch's power, so that the last bit is the reference's, too.
    private protected static float[] Wavelengths(double theta, int width)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Tensor exponents = arange(Number(0), Number(width), Number(2), ScalarType.Int64).to(ScalarType.Float32) / Number(width);
        return [.. tensor((float)theta).pow(exponents).data<float>()];
    }

    private protected static float[] Reciprocals(float[] values) => Array.ConvertAll(values, static value => 1 / value);
}

/// <summary>As trained.</summary>
internal sealed record NoRotaryScaling : RotaryScaling
{
    public override float[] Frequencies(double theta, int width, long length) => Reciprocals(Wavelengths(theta, width));
}

/// <summary>Positions divided by a factor (Chen et al. 2023).</summary>
internal sealed record LinearRotaryScaling(double Factor) : RotaryScaling
{
    public override float[] Frequencies(double theta, int width, long length) =>
        Array.ConvertAll(Reciprocals(Wavelengths(theta, width)), frequency => frequency / (float)Factor);
}

/// <summary>
/// A base that grows with the text ("dynamic NTK"; Peng et al. 2023, §3.3). It is that of the batch at hand, where the reference's networks go on with
/// that of the longest batch since the last short one: what was computed before changes nothing here. With a cache each token is turned by the base of
/// the text up to it, and what is cached stays as it was turned, in the reference, too: a text that is written with a cache and one that is read anew for
/// each token part where it outgrows <paramref name="MaxPositions"/>.
/// </summary>
/// <param name="Factor">How steeply it grows.</param>
/// <param name="MaxPositions">Positions up to which nothing changes (<c>max_position_embeddings</c>).</param>
internal sealed record DynamicRotaryScaling(double Factor, int MaxPositions) : RotaryScaling
{
    public override bool DependsOnLength => true;

    public override float[] Frequencies(double theta, int width, long length)
    {
        double stretch = (Factor * Math.Max(length, MaxPositions) / MaxPositions) - (Factor - 1);
        return Reciprocals(Wavelengths(theta * Math.Pow(stretch, width / (width - 2.0)), width));
    }
}

/// <summary>Slow frequencies divided by a factor, fast ones left, a ramp between (Peng et al. 2023, "YaRN", §3.2 to 3.4).</summary>
/// <param name="Factor">What slow frequencies are divided by.</param>
/// <param name="OriginalPositions">Positions that the network was pretrained with.</param>
/// <param name="BetaFast">Rotations within these positions above which a frequency stays.</param>
/// <param name="BetaSlow">Rotations below which it is divided.</param>
/// <param name="Truncate">Whether the ramp begins and ends at whole pairs.</param>
/// <param name="Attention">What cosines and sines are multiplied by.</param>
internal sealed record YarnRotaryScaling(
    double Factor, int OriginalPositions, double BetaFast, double BetaSlow, bool Truncate, double Attention) : RotaryScaling
{
    public override double Magnitude => Attention;

    /// <summary>The paper's temperature of attention, §3.4; 1 where nothing is stretched.</summary>
    public static double Temperature(double factor, double scale = 1) => factor <= 1 ? 1 : (0.1 * scale * Math.Log(factor)) + 1;

    public override float[] Frequencies(double theta, int width, long length)
    {
        double low = PairOf(BetaFast, theta, width);
        double high = PairOf(BetaSlow, theta, width);
        (low, high) = Truncate ? (Math.Floor(low), Math.Ceiling(high)) : (low, high);
        (low, high) = (Math.Max(low, 0), Math.Min(high, width - 1));
        double span = low == high ? 0.001 : high - low;
        return [.. Wavelengths(theta, width).Select((wavelength, pair) =>
        {
            float divided = Math.Clamp((pair - (float)low) / (float)span, 0, 1);
            float kept = 1 - divided;
            return (1 / ((float)Factor * wavelength) * (1 - kept)) + (1 / wavelength * kept);
        })];
    }

    // The pair that turns a number of times within the original positions.
    private double PairOf(double rotations, double theta, int width) =>
        width * Math.Log(OriginalPositions / (rotations * 2 * Math.PI)) / (2 * Math.Log(theta));
}

/// <summary>LLaMA 3.1's: long wavelengths multiplied by a factor, short ones left, those between blended (meta-llama, model.py, apply_scaling).</summary>
/// <param name="Factor">What long wavelengths are multiplied by.</param>
/// <param name="LowFactor">Original positions divided by it are the wavelength above which all is multiplied.</param>
/// <param name="HighFactor">Original positions divided by it are the wavelength below which nothing changes.</param>
/// <param name="OriginalPositions">Positions that the network was pretrained with.</param>
internal sealed record Llama3RotaryScaling(double Factor, double LowFactor, double HighFactor, int OriginalPositions) : RotaryScaling
{
    public override float[] Frequencies(double theta, int width, long length) => Array.ConvertAll(Reciprocals(Wavelengths(theta, width)), Scale);

    private float Scale(float frequency)
    {
        float wavelength = (float)(2 * Math.PI) / frequency;
        if (wavelength > OriginalPositions / LowFactor)
        {
            return frequency / (float)Factor;
        }
        if (wavelength < OriginalPositions / HighFactor)
        {
            return frequency;
        }
        float smooth = ((OriginalPositions / wavelength) - (float)LowFactor) / (float)(HighFactor - LowFactor);
        return ((1 - smooth) * frequency / (float)Factor) + (smooth * frequency);
    }
}
