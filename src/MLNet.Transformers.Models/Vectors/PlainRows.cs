using MLNet.Transformers.Models.Runtime;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Vectors;

/// <summary>Weights as they are: float32, or bfloat16, row after row.</summary>
internal sealed unsafe class PlainRows : WeightMatrix
{
    // Read in one go, into sums of their own: a sum waits for the one before it.
    private const int Step = 64;

    private readonly Tensor? _shared;
    private readonly NativeBuffer? _own;
    private readonly bool _halves;
    private readonly byte* _values;

    /// <param name="weight">(rows, columns), float32, on the CPU.</param>
    /// <param name="type">What to compute with: float32, where the tensor's own memory is read, or bfloat16, where a copy is made.</param>
    public PlainRows(Tensor weight, ScalarType type)
        : base((int)weight.shape[0], (int)weight.shape[1])
    {
        _halves = type == ScalarType.BFloat16;
        if (_halves)
        {
            using var scope = NewDisposeScope();
            Tensor cast = weight.detach().to(type).contiguous();
            _own = new NativeBuffer(Bytes);
            Buffer.MemoryCopy(TensorMemory.Of(cast), _own.Pointer, Bytes, Bytes);
            _values = _own.Pointer;
        }
        else
        {
            _shared = weight;
            _values = TensorMemory.Of(weight);
        }
    }

    public override int TileRows => 1;

    public override long Bytes => (long)Rows * Columns * (_halves ? 2 : 4);

    // One row after the other, as they lie: the processor sees what is read next. Several at once are several short runs to it, at half the speed.
    public override void Multiply(VectorBuffer x, VectorBuffer y, int count, int firstTile, int tiles)
    {
        long rowBytes = (long)Columns * (_halves ? 2 : 4);
        for (int row = firstTile; row < firstTile + tiles; row++)
        {
            byte* weights = _values + (row * rowBytes);
            for (int vector = 0; vector < count; vector++)
            {
                y.Pointer(vector)[row] = _halves ? BFloat16(weights, x.Split(vector), x.Pointer(vector)) : VectorSum.Dot((float*)weights, x.Pointer(vector), Columns);
            }
        }
    }

    protected override void Copy(int row, Span<float> values)
    {
        for (int i = 0; i < Columns; i++)
        {
            long place = ((long)row * Columns) + i;
            values[i] = _halves ? BitConverter.UInt32BitsToSingle((uint)((ushort*)_values)[place] << 16) : ((float*)_values)[place];
        }
    }

    /// <summary>True: what is loaded into a tensor is looked at there.</summary>
    public override bool IsFinite => true;

    /// <summary>A tensor that is only looked at is not freed.</summary>
    public override void Dispose()
    {
        _own?.Dispose();
        GC.KeepAlive(_shared);
    }

    // Half as wide as float32's: on processors that compute 512 bits in two steps, widening costs more than it spares.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private float BFloat16(byte* row, float* split, float* x)
    {
        Vector256<float> s0 = default, s1 = default, s2 = default, s3 = default;
        int i = 0;
        for (; i <= Columns - Step; i += Step)
        {
            s0 = AddSixteen(row + (2 * i), split + i, s0);
            s1 = AddSixteen(row + (2 * i) + 32, split + i + 16, s1);
            s2 = AddSixteen(row + (2 * i) + 64, split + i + 32, s2);
            s3 = AddSixteen(row + (2 * i) + 96, split + i + 48, s3);
        }
        float sum = Vector256.Sum((s0 + s1) + (s2 + s3));
        for (; i < Columns; i++)
        {
            sum += BitConverter.UInt32BitsToSingle((uint)((ushort*)row)[i] << 16) * x[i];
        }
        return sum;
    }

    // Two values in 32 bits: the first is a float32 once it is moved up, the second once the first is gone.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> AddSixteen(byte* values, float* split, Vector256<float> sum)
    {
        Vector256<uint> pairs = Vector256.Load((uint*)values);
        sum = Vector256.FusedMultiplyAdd((pairs << 16).AsSingle(), Vector256.Load(split), sum);
        return Vector256.FusedMultiplyAdd((pairs & Vector256.Create(0xFFFF0000u)).AsSingle(), Vector256.Load(split + 8), sum);
    }
}
