using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Nn;

/// <summary>What turns queries and keys by their tokens' positions.</summary>
internal interface IRotation
{
    /// <summary>Turns queries or keys.</summary>
    /// <param name="x">(batch, heads, tokens, width).</param>
    Tensor Apply(Tensor x);
}

/// <summary>Each half of a head turned by a position of its own.</summary>
internal sealed record RotationOfHalves(IRotation First, IRotation Second) : IRotation
{
    public Tensor Apply(Tensor x)
    {
        Tensor[] halves = x.chunk(2, -1);
        return cat([First.Apply(halves[0]), Second.Apply(halves[1])], -1);
    }
}

/// <summary>The turns of a batch's tokens; values behind the pairs stay.</summary>
/// <param name="Cosine">(batch or 1, 1, tokens, pairs).</param>
/// <param name="Sine">(batch or 1, 1, tokens, pairs).</param>
/// <param name="Pairs">Which two values are turned together.</param>
internal sealed record Rotation(Tensor Cosine, Tensor Sine, RotaryPairs Pairs) : IRotation
{
    public Tensor Apply(Tensor x)
    {
        long turned = 2 * Cosine.shape[3];
        return turned == x.shape[3]
            ? Turn(x)
            : cat([Turn(x.narrow(3, 0, turned)), x.narrow(3, turned, x.shape[3] - turned)], 3);
    }

    private Tensor Turn(Tensor x)
    {
        bool halves = Pairs == RotaryPairs.Halves;
        Tensor[] two = halves ? x.chunk(2, 3) : x.unflatten(3, [-1, 2]).unbind(4);
        (Tensor first, Tensor second) = ((two[0] * Cosine) - (two[1] * Sine), (two[1] * Cosine).Plus(two[0] * Sine));
        return halves ? cat([first, second], 3) : stack([first, second], 4).flatten(3);
    }
}
