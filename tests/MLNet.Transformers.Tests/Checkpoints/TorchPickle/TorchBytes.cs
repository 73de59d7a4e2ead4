using System.Runtime.InteropServices;
using System.Text;

namespace MLNet.Transformers.Tests.Checkpoints.TorchPickle;

/// <summary>Files of torch.save by hand, in the zip form and in the form before it.</summary>
internal static class TorchBytes
{
    public const string Folder = "archive/";

    /// <summary>An archive with a pickle and storages.</summary>
    public static byte[] Zip(byte[] pickle, params (string Key, byte[] Bytes)[] storages) => Zip(pickle, storages, zip64: false);

    public static byte[] Zip(byte[] pickle, (string Key, byte[] Bytes)[] storages, bool zip64) => ZipBytes.Make(
    [
        (Folder + "data.pkl", pickle), (Folder + "byteorder", "little"u8.ToArray()),
        .. storages.Select(storage => ($"{Folder}data/{storage.Key}", storage.Bytes)), (Folder + "version", "3\n"u8.ToArray()),
    ], zip64);

    public static byte[] Legacy(byte[] pickle, params (string Key, long Count, byte[] Bytes)[] storages) =>
    [
        // The magic number, the version and the machine.
        0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.',
        0x80, 2, (byte)'M', 0xe9, 3, (byte)'.',
        .. PickleBytes.Of(machine => machine.Dict("little_endian", value => value.Op(0x88))),
        .. pickle,
        .. PickleBytes.Of(keys =>
        {
            keys.Op(']').Op('(');
            foreach ((string key, _, _) in storages)
            {
                keys.Text(key);
            }
            keys.Op('e');
        }),
        .. storages.SelectMany(storage => (byte[])[.. BitConverter.GetBytes(storage.Count), .. storage.Bytes]),
    ];

    public static byte[] Floats(params float[] values) => MemoryMarshal.AsBytes<float>(values).ToArray();
}

/// <summary>Zip archives of stored files, right or wrong.</summary>
internal static class ZipBytes
{
    /// <param name="files">Names and contents.</param>
    /// <param name="zip64">Whether sizes and places are given as archives beyond 4 GB give them.</param>
    /// <param name="method">The packing that the directory claims; 0 is none.</param>
    /// <param name="shift">Added to the places that the directory gives.</param>
    public static byte[] Make((string Name, byte[] Content)[] files, bool zip64 = false, ushort method = 0, int shift = 0)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        var places = new List<long>();
        foreach ((string name, byte[] content) in files)
        {
            places.Add(stream.Position);
            writer.Write(0x04034b50);
            // Sizes follow the data, as torch.save writes them.
            writer.Write(new byte[22]);
            writer.Write((ushort)name.Length);
            writer.Write((ushort)5);
            writer.Write(Encoding.UTF8.GetBytes(name));
            writer.Write("FB\u0001\0Z"u8);
            writer.Write(content);
            writer.Write(new byte[16]);
        }
        long directory = stream.Position;
        foreach (((string name, byte[] content), long place) in files.Zip(places))
        {
            writer.Write(0x02014b50);
            writer.Write(0);
            writer.Write((ushort)0x808);
            writer.Write(method);
            writer.Write(0L);
            writer.Write(zip64 ? uint.MaxValue : (uint)content.Length);
            writer.Write(zip64 ? uint.MaxValue : (uint)content.Length);
            writer.Write((ushort)name.Length);
            writer.Write((ushort)(zip64 ? 28 : 0));
            writer.Write((ushort)0);
            writer.Write(0L);
            writer.Write(zip64 ? uint.MaxValue : (uint)(place + shift));
            writer.Write(Encoding.UTF8.GetBytes(name));
            if (zip64)
            {
                writer.Write((ushort)1);
                writer.Write((ushort)24);
                writer.Write((long)content.Length);
                writer.Write((long)content.Length);
                writer.Write(place + shift);
            }
        }
        WriteEnd(writer, directory, stream.Position - directory, files.Length, zip64);
        return stream.ToArray();
    }

    private static void WriteEnd(BinaryWriter writer, long directory, long length, int count, bool zip64)
    {
        if (zip64)
        {
            long record = directory + length;
            writer.Write(0x06064b50);
            writer.Write(44L);
            writer.Write(0);
            writer.Write(0L);
            writer.Write((long)count);
            writer.Write((long)count);
            writer.Write(length);
            writer.Write(directory);
            writer.Write(0x07064b50);
            writer.Write(0);
            writer.Write(record);
            writer.Write(1);
        }
        writer.Write(0x06054b50);
        writer.Write(0);
        writer.Write(zip64 ? ushort.MaxValue : (ushort)count);
        writer.Write(zip64 ? ushort.MaxValue : (ushort)count);
        writer.Write(zip64 ? uint.MaxValue : (uint)length);
        writer.Write(zip64 ? uint.MaxValue : (uint)directory);
        writer.Write((ushort)0);
    }
}
