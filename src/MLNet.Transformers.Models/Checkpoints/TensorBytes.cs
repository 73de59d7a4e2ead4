using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Checkpoints;

/// <summary>Gives bytes of a stored tensor.</summary>
/// <param name="target">Filled to its end.</param>
/// <param name="offset">Where in the tensor it begins; calls go forward without gaps.</param>
internal delegate void ReadBytes(Span<byte> target, long offset);

/// <summary>Takes bytes of a tensor.</summary>
internal delegate void TakeBytes(ReadOnlySpan<byte> bytes);

/// <summary>The memory of a tensor, as bytes.</summary>
internal static class TensorBytes
{
    // Tensors may be longer than a span can be.
    private const int LongestSpan = 1 << 28;

    // What is converted on the way is not in memory twice, but for this much.
    private const int StagedLength = 1 << 20;

    public static int ElementSize(this ScalarType type) => type switch
    {
        ScalarType.Float64 or ScalarType.Int64 => 8,
        ScalarType.Float32 or ScalarType.Int32 => 4,
        ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Int16 => 2,
        ScalarType.Int8 or ScalarType.Byte or ScalarType.Bool => 1,
        _ => throw new NotSupportedException($"Tensors of the type {type} cannot be stored."),
    };

    /// <summary>Fills a tensor that may be of another type or on another device.</summary>
    /// <param name="target">Same shape as the entry.</param>
    /// <param name="entry">How the bytes are to be understood.</param>
    /// <param name="file">What to call their source in a message.</param>
    /// <param name="read">Gives them.</param>
    /// <exception cref="CheckpointException">The target has another shape, or the entry a type that this library does not compute with.</exception>
    public static void Fill(Tensor target, TensorEntry entry, string file, ReadBytes read)
    {
        if (!target.shape.AsSpan().SequenceEqual(entry.Shape))
        {
            throw new CheckpointException(
                $"The tensor '{entry.Name}' is [{string.Join(", ", entry.Shape)}], expected [{string.Join(", ", target.shape)}]; it is stored in '{file}'.");
        }
        ScalarType type = entry.Type ?? throw new CheckpointException(
            $"The tensor '{entry.Name}' of '{file}' is stored as {entry.TypeName}, which this library does not compute with.");
        if (entry.Length == 0)
        {
            return;
        }
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        if (!target.is_contiguous())
        {
            Tensor whole = empty(entry.Shape, type);
            FillMemory(whole, entry.Length, 0, read);
            target.copy_(whole);
        }
        else if (target.dtype == type && target.device.type == DeviceType.CPU)
        {
            FillMemory(target, entry.Length, 0, read);
        }
        else
        {
            FillConverted(target.view(-1), type, read);
        }
    }

    /// <summary>The bytes of a tensor, in order.</summary>
    public static unsafe void Read(Tensor tensor, TakeBytes take)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Tensor plain = tensor.detach().cpu().contiguous();
        long length = plain.numel() * plain.dtype.ElementSize();
        byte* address = length == 0 ? null : (byte*)Address(plain);
        for (long at = 0; at < length; at += LongestSpan)
        {
            take(new ReadOnlySpan<byte>(address + at, (int)Math.Min(LongestSpan, length - at)));
        }
    }

    private static void FillConverted(Tensor flat, ScalarType type, ReadBytes read)
    {
        int size = type.ElementSize();
        long step = StagedLength / size;
        Tensor staged = empty(Math.Min(step, flat.shape[0]), type);
        for (long at = 0; at < flat.shape[0]; at += step)
        {
            long count = Math.Min(step, flat.shape[0] - at);
            using Tensor from = staged.narrow(0, 0, count);
            using Tensor to = flat.narrow(0, at, count);
            FillMemory(from, count * size, at * size, read);
            to.copy_(from);
        }
    }

    private static unsafe void FillMemory(Tensor plain, long length, long offset, ReadBytes read)
    {
        byte* address = (byte*)Address(plain);
        for (long at = 0; at < length; at += LongestSpan)
        {
            read(new Span<byte>(address + at, (int)Math.Min(LongestSpan, length - at)), offset + at);
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
