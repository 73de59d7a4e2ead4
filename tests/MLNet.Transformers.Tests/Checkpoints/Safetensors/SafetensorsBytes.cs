using System.Buffers.Binary;
using System.Text;

namespace MLNet.Transformers.Tests.Checkpoints.Safetensors;

/// <summary>Safetensors files by hand, right or wrong.</summary>
internal static class SafetensorsBytes
{
    /// <summary>A header with its true length in front, and data of so many zeros.</summary>
    public static byte[] Make(string header, int dataLength = 0) => Make((ulong)Encoding.UTF8.GetByteCount(header), header, dataLength);

    /// <summary>A header with a length in front that is whatever the caller says.</summary>
    public static byte[] Make(ulong length, string header, int dataLength = 0) => Make(length, Encoding.UTF8.GetBytes(header), dataLength);

    /// <summary>A header of bytes that need be no text.</summary>
    public static byte[] Make(byte[] header) => Make((ulong)header.Length, header, 0);

    private static byte[] Make(ulong length, byte[] header, int dataLength)
    {
        var file = new byte[sizeof(ulong) + header.Length + dataLength];
        BinaryPrimitives.WriteUInt64LittleEndian(file, length);
        header.CopyTo(file, sizeof(ulong));
        return file;
    }
}
