using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Generation;

/// <summary>A prompt's mask in any form of <see cref="TokenBatch.Mask"/>, which every new token makes longer: it sees what the last token saw, and itself.</summary>
internal abstract class GrowingMask(Tensor mask) : IDisposable
{
    private readonly HeldTensor _held = new(mask);

    /// <summary>bool, (rows, tokens): false = padding; null where the mask does not say what is padding.</summary>
    public virtual Tensor? Seen => null;

    protected Tensor Mask => _held.Value;

    /// <summary>The mask to grow; null where every token is there.</summary>
    public static GrowingMask? Of(Tensor? mask) => mask switch
    {
        null => null,
        _ when mask.dim() == 1 => new PrefixMask(mask.clone()),
        _ when mask.dim() > 2 => new SquareMask(mask.clone()),
        _ => mask.ne(Number(0)).all().item<bool>() ? null : new PaddingMask(mask.ne(Number(0))),
    };

    /// <summary>The mask of some tokens, over all tokens up to the last.</summary>
    public abstract Tensor Of(long first, long count);

    public abstract void Grow();

    public void Select(Tensor rows) => _held.Select(rows);

    public void Dispose() => _held.Dispose();

    protected void Replace(Tensor next) => _held.Replace(next);

    // (rows): how many tokens in front all see. What is new sees what stands before it.
    private sealed class PrefixMask(Tensor mask) : GrowingMask(mask)
    {
        public override Tensor Of(long first, long count) => Mask;

        public override void Grow()
        {
        }
    }

    // (rows, tokens).
    private sealed class PaddingMask(Tensor mask) : GrowingMask(mask)
    {
        public override Tensor Seen => Mask;

        public override Tensor Of(long first, long count) => Mask;

        public override void Grow() => Replace(cat([Mask, ones(Mask.shape[0], 1, Mask.dtype, Mask.device)], 1));
    }

    // (rows, queries, keys) or (rows, 1, queries, keys).
    private sealed class SquareMask(Tensor mask) : GrowingMask(mask)
    {
        public override Tensor Of(long first, long count) => Mask.narrow(-2, first, count);

        public override void Grow()
        {
            Tensor last = Mask.narrow(-2, Mask.shape[^2] - 1, 1);
            Tensor unseen = zeros_like(Mask.narrow(-1, 0, 1));
            Tensor itself = ones_like(last.narrow(-1, 0, 1));
            Replace(cat([cat([Mask, unseen], -1), cat([last, itself], -1)], -2));
        }
    }
}
