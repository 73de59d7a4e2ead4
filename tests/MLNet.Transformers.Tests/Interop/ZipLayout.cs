using System.Buffers.Binary;
using System.Text;

namespace MLNet.Transformers.Tests.Interop;

/// <summary>Where the content of each entry stands in a model file, from the header before it.</summary>
internal static class ZipLayout
{
    public static IReadOnlyDictionary<string, Range> Entries(byte[] file)
    {
        var entries = new Dictionary<string, Range>();
        int position = 0;
        while (BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(position)) == 0x04034b50)
        {
            int size = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(position + 18));
            int name = BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(position + 26));
            int data = position + 30 + name + BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(position + 28));
            entries.Add(Encoding.UTF8.GetString(file, position + 30, name), data..(data + size));
            position = data + size;
        }
        return entries;
    }

    /// <summary>A copy with something changed in the content of an entry.</summary>
    public static byte[] WithDamage(this byte[] file, Range entry, Action<Span<byte>> damage)
    {
        byte[] copy = [.. file];
        damage(copy.AsSpan(entry));
        return copy;
    }
}
