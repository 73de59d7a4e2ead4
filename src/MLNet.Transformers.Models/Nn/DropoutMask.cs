using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MLNet.Transformers.Models.Runtime;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Nn;

/// <summary>
/// Which values dropout keeps. libtorch draws its mask from one Mersenne Twister, on one thread, value by value, which in training takes longer than most
/// products. Here a value's fate is a hash of its place and a key (a counter-based generator, Salmon et al. 2011): sixteen at once, on all threads, and
/// the same whatever their number.
/// </summary>
internal sealed unsafe class DropoutMask : IPieces
{
    private const int Lanes = 16;
    private const int Piece = 1 << 16;

    private readonly float* _values;
    private readonly long _count;
    private readonly ulong _key;
    private readonly uint _dropped;
    private readonly float _kept;

    private DropoutMask(float* values, long count, ulong key, double share)
    {
        _values = values;
        (_count, _key) = (count, key);
        // Of the numbers of 32 bits those below drop a value.
        _dropped = (uint)Math.Min(Math.Round(share * (1L << 32)), uint.MaxValue);
        _kept = (float)(1 / (1 - share));
    }

    /// <summary>A mask; its key is drawn from libtorch's generator.</summary>
    /// <param name="shape">Its dimensions.</param>
    /// <param name="share">Share of the values that are dropped, at least 0 and below 1.</param>
    /// <returns>Float32 on the CPU: 0 where a value is dropped, 1 / (1 - share) where it is kept.</returns>
    public static Tensor Draw(ReadOnlySpan<long> shape, double share)
    {
        using Tensor key = randint(long.MaxValue, [1], dtype: ScalarType.Int64);
        return Of(shape, share, (ulong)key.item<long>());
    }

    /// <summary>The mask of a key.</summary>
    public static Tensor Of(ReadOnlySpan<long> shape, double share, ulong key)
    {
        Tensor mask = empty(shape, ScalarType.Float32);
        if (mask.numel() > 0)
        {
            var work = new DropoutMask(TensorMemory.Float32(mask), mask.numel(), key, share);
            WorkTeam.Run(work, (int)((work._count + Piece - 1) / Piece), ComputeThreads.Adjust());
        }
        return mask;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Do(int piece)
    {
        long begin = (long)piece * Piece;
        float* values = _values + begin;
        int count = (int)Math.Min(Piece, _count - begin);
        // A piece has a key of its own, so that a place within it is a number of few bits.
        ulong key = Seeds.Mix(_key, (ulong)piece);
        Vector512<uint> first = Vector512.Create((uint)key), second = Vector512.Create((uint)(key >> 32));
        Vector512<uint> dropped = Vector512.Create(_dropped), place = Vector512<uint>.Indices;
        Vector512<float> kept = Vector512.Create(_kept);
        int i = 0;
        for (; i + Lanes <= count; i += Lanes, place += Vector512.Create((uint)Lanes))
        {
            Of(place).Store(values + i);
        }
        if (i < count)
        {
            Vector512<float> last = Of(place);
            for (int lane = 0; i + lane < count; lane++)
            {
                values[i + lane] = last[lane];
            }
        }

        Vector512<float> Of(Vector512<uint> place) =>
            Vector512.GreaterThanOrEqual(Hash(Hash(place + first) + second), dropped).AsSingle() & kept;
    }

    // A mixer of 32 bits whose every output bit depends on every input bit (Wellons 2018, "Prospecting for hash functions": bias 0.17).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Hash(Vector512<uint> x)
    {
        x ^= x >>> 16;
        x *= Vector512.Create(0x7FEB352Du);
        x ^= x >>> 15;
        x *= Vector512.Create(0x846CA68Bu);
        return x ^ (x >>> 16);
    }
}
