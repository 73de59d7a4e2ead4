using System.Runtime.InteropServices;
using MLNet.Transformers.Models.Checkpoints;

namespace MLNet.Transformers.Pretraining;

/// <summary>
/// Blocks in a file that is mapped into memory: of text of any size only what a step reads is in memory, and the system may drop it again. The blocks lie
/// one behind the other; an index behind them says of each where it begins, how long it is and which document it begins with, and the last bytes say
/// how many there are.
/// </summary>
internal sealed class BlockFile : IDisposable
{
    private const int OtherTries = 10;

    private readonly MappedFile _file;
    private readonly long _index;

    /// <summary>Opens a file that <see cref="BlockFileWriter"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is none, or has been cut.</exception>
    public BlockFile(string path)
    {
        _file = MappedFile.Open(path);
        Footer end = _file.Length >= Footer.Size ? MemoryMarshal.Read<Footer>(_file.Span(_file.Length - Footer.Size, Footer.Size)) : default;
        _index = _file.Length - Footer.Size - (long)end.Count * Entry.Size;
        if (end.Mark != Footer.Known || end.Count < 0 || _index < 0)
        {
            _file.Dispose();
            throw new InvalidDataException($"'{path}' is no file of tokens, or a part of it is missing. Delete its folder to have the tokens made again.");
        }
        Count = end.Count;
    }

    public int Count { get; }

    /// <summary>A block. It may be used as long as the file is open.</summary>
    /// <param name="index">From 0.</param>
    /// <param name="others">Whether the block is to draw others, from this file.</param>
    public TextBlock Read(int index, bool others)
    {
        Entry entry = At(index);
        ReadOnlySpan<int> head = Ints(entry.Offset, 2);
        (int sentences, int documents) = (head[0], head[1]);
        ReadOnlySpan<int> values = Ints(entry.Offset + 2 * sizeof(int), entry.Length + sentences + documents);
        var block = new TextBlock(
            values[..entry.Length].ToArray(), values.Slice(entry.Length, sentences).ToArray(), values[(entry.Length + sentences)..].ToArray()) { Document = entry.Document };
        return others ? block with { Another = random => Another(entry.Document, random) } : block;
    }

    /// <summary>Tokens of a block.</summary>
    public int Length(int index) => At(index).Length;

    public void Dispose() => _file.Dispose();

    // As often as create_pretraining_data.py tries.
    private TextBlock? Another(int document, Random random)
    {
        for (int attempt = 0; attempt < OtherTries; attempt++)
        {
            int index = random.Next(Count);
            if (At(index).Document != document)
            {
                return Read(index, others: false);
            }
        }
        return null;
    }

    private Entry At(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        return MemoryMarshal.Read<Entry>(_file.Span(_index + (long)index * Entry.Size, Entry.Size));
    }

    private ReadOnlySpan<int> Ints(long offset, int count) => MemoryMarshal.Cast<byte, int>(_file.Span(offset, count * sizeof(int)));

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    internal readonly record struct Entry(long Offset, int Length, int Document)
    {
        public const int Size = 16;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    internal readonly record struct Footer(int Count, int Mark)
    {
        public const int Size = 8;
        public const int Known = 0x314B_4C42;
    }
}
