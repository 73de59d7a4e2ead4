using System.Buffers.Binary;
using System.Text;

namespace MLNet.Transformers.Tests.Runtime;

/// <summary>A 64-bit ELF file of a few hundred bytes: header, two sections (required versions, names), and whatever chains of versions a test needs.</summary>
internal sealed class TinyElf
{
    private const int SectionSize = 64;
    private const int SectionsAt = 64;
    private const int NeedAt = SectionsAt + 2 * SectionSize;
    private const int EntrySize = 16;

    public TinyElf(params string[] versions)
    {
        string names = "\0" + string.Join('\0', versions) + '\0';
        int namesAt = NeedAt + EntrySize * (1 + versions.Length);
        Bytes = new byte[namesAt + names.Length];
        "\u007fELF\u0002\u0001\u0001"u8.CopyTo(Bytes);
        U64(0x28, SectionsAt);
        U16(0x3A, SectionSize);
        U16(0x3C, 2);
        U32(SectionsAt + 4, 0x6ffffffe);
        U64(SectionsAt + 0x18, NeedAt);
        U32(SectionsAt + 0x28, 1);
        U32(SectionsAt + 0x2C, 1);
        U32(SectionsAt + SectionSize + 4, 3);
        U64(SectionsAt + SectionSize + 0x18, (ulong)namesAt);
        Encoding.ASCII.GetBytes(names, Bytes.AsSpan(namesAt));
        U16(NeedAt + 2, (ushort)versions.Length);
        U32(NeedAt + 8, EntrySize);
        int nameAt = 1;
        for (int i = 0; i < versions.Length; i++)
        {
            U32(VersionAt(i) + 8, (uint)nameAt);
            U32(VersionAt(i) + 12, i == versions.Length - 1 ? 0u : EntrySize);
            nameAt += versions[i].Length + 1;
        }
    }

    public byte[] Bytes { get; }

    /// <summary>Where the distance to the next needed file is written.</summary>
    public static int NextNeedAt => NeedAt + 12;

    public static int VersionAt(int index) => NeedAt + EntrySize * (1 + index);

    public ushort FlagsOf(int index) => BinaryPrimitives.ReadUInt16LittleEndian(Bytes.AsSpan(VersionAt(index) + 4));

    public void U16(int at, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Bytes.AsSpan(at), value);

    public void U32(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Bytes.AsSpan(at), value);

    public void U64(int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Bytes.AsSpan(at), value);
}
