using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Checkpoints;

/// <summary>The memory of a tensor, as bytes.</summary>
internal static class TensorBytes
{
    /// <summary>Bytes that are read or written at once: tensors may be longer than a span can be.</summary>
    public const int ChunkLength = 1 << 28;

    public static int ElementSize(this ScalarType type) => type switch
    {
        ScalarType.Float64 or ScalarType.Int64 => 8,
        ScalarType.Float32 or ScalarType.Int32 => 4,
        ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Int16 => 2,
        ScalarType.Int8 or ScalarType.Byte or ScalarType.Bool => 1,
        _ => throw new NotSupportedException($"Tensors of the type {type} cannot be stored."),
    };

    /// <summary>Fills a tensor that may be of another type or on another device: through a temporary one where it has to be.</summary>
    /// <param name="target">Same shape as the entry.</param>
    /// <param name="entry">How the bytes are to be understood.</param>
    /// <param name="fill">Given the address and number of bytes to fill.</param>
    public static void Fill(Tensor target, TensorEntry entry, Action<nint, long> fill)
    {
        if (!target.shape.AsSpan().SequenceEqual(entry.Shape))
        {
            throw new CheckpointException(
                $"The tensor '{entry.Name}' is [{string.Join(", ", entry.Shape)}], expected [{string.Join(", ", target.shape)}].");
        }
        if (entry.Length == 0)
        {
            return;
        }
        using var noGradient = no_grad();
        if (target.dtype == entry.Type && target.device.type == DeviceType.CPU && target.is_contiguous())
        {
            fill(Address(target), entry.Length);
            return;
        }
        using Tensor staged = empty(entry.Shape, entry.Type);
        fill(Address(staged), entry.Length);
        target.copy_(staged);
    }

    /// <summary>The bytes of a tensor, in order, in chunks.</summary>
    public static void Read(Tensor tensor, Action<ReadOnlyMemoryBytes> read)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Tensor plain = tensor.detach().cpu().contiguous();
        long length = plain.numel() * plain.dtype.ElementSize();
        nint address = length == 0 ? 0 : Address(plain);
        for (long at = 0; at < length; at += ChunkLength)
        {
            read(new ReadOnlyMemoryBytes(address + (nint)at, (int)Math.Min(ChunkLength, length - at)));
        }
    }

    // The address of element 0 of the view; the accessor of bytes refuses tensors above 2 GB.
    private static unsafe nint Address(Tensor tensor)
    {
        using Tensor flat = tensor.view(-1);
        using Tensor first = flat.narrow(0, 0, 1);
        fixed (byte* pointer = &MemoryMarshal.GetReference(first.bytes))
        {
            return (nint)pointer;
        }
    }
}

/// <summary>A stretch of unmanaged memory.</summary>
internal readonly struct ReadOnlyMemoryBytes(nint address, int length)
{
    public unsafe ReadOnlySpan<byte> Span => new((void*)address, length);
}
