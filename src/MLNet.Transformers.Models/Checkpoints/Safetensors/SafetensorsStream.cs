using System.Buffers.Binary;
using MLNet.Transformers.Models.Runtime;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Checkpoints.Safetensors;

/// <summary>Safetensors from a stream that can only be read forward, as an entry of a model file is.</summary>
internal static class SafetensorsStream
{
    /// <summary>Reads every tensor, in the order of the stream, straight into the one that has its name.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="name">What to call it in a message.</param>
    /// <param name="targets">Where the tensors are to go; exactly those of the stream.</param>
    /// <exception cref="CheckpointException">The stream is malformed, cut off, or holds other tensors.</exception>
    public static void Read(Stream stream, string name, IReadOnlyDictionary<string, Tensor> targets)
    {
        NativeBackend.EnsureLoaded();
        SafetensorsHeader header = ReadHeader(stream, name);
        if (!header.Tensors.Keys.ToHashSet().SetEquals(targets.Keys))
        {
            string[] missing = [.. targets.Keys.Except(header.Tensors.Keys)];
            string[] unexpected = [.. header.Tensors.Keys.Except(targets.Keys)];
            throw new CheckpointException($"'{name}' does not hold the tensors of its network: missing [{NameList.Cut(missing)}], not expected [{NameList.Cut(unexpected)}].");
        }
        foreach ((TensorEntry entry, _) in header.Tensors.Values.OrderBy(item => item.Offset))
        {
            TensorBytes.Fill(targets[entry.Name], entry, name, (chunk, _) => ReadExactly(stream, chunk, name, $"the tensor '{entry.Name}'"));
        }
        if (stream.ReadByte() >= 0)
        {
            throw SafetensorsHeader.Malformed(name, "bytes follow the last tensor");
        }
    }

    private static SafetensorsHeader ReadHeader(Stream stream, string name)
    {
        Span<byte> prefix = stackalloc byte[SafetensorsHeader.LengthBytes];
        ReadExactly(stream, prefix, name, "the header");
        var json = new byte[SafetensorsHeader.CheckLength(BinaryPrimitives.ReadUInt64LittleEndian(prefix), null, name)];
        ReadExactly(stream, json, name, "the header");
        return SafetensorsHeader.Parse(json, null, name);
    }

    private static void ReadExactly(Stream stream, Span<byte> target, string name, string what)
    {
        if (stream.ReadAtLeast(target, target.Length, throwOnEndOfStream: false) < target.Length)
        {
            throw new CheckpointException($"'{name}' is cut off within {what}.");
        }
    }
}
