using System.Runtime.InteropServices;

namespace MLNet.Transformers.Pretraining;

/// <summary>Writes a file of blocks, which gets its name when it is whole.</summary>
/// <param name="path">The file.</param>
internal sealed class BlockFileWriter(string path) : IDisposable
{
    private readonly PendingFile _file = new(path, mode: null);
    private readonly List<BlockFile.Entry> _index = [];
    private readonly MemoryStream _buffer = new();
    private long _offset;

    /// <summary>Tokens so far.</summary>
    public long Tokens { get; private set; }

    public void Add(TextBlock block)
    {
        _index.Add(new BlockFile.Entry(_offset + _buffer.Length, block.Length, block.Document));
        foreach (int[] part in (int[][])[[block.SentenceEnds.Length, block.DocumentEnds.Length], block.Ids, block.SentenceEnds, block.DocumentEnds])
        {
            _buffer.Write(MemoryMarshal.AsBytes(part.AsSpan()));
        }
        Tokens += block.Length;
        if (_buffer.Length >= 1 << 20)
        {
            Flush();
        }
    }

    /// <summary>Gives the file its name.</summary>
    public void Finish()
    {
        _buffer.Write(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_index)));
        _buffer.Write(MemoryMarshal.AsBytes([new BlockFile.Footer(_index.Count, BlockFile.Footer.Known)]));
        Flush();
        _file.Rename();
    }

    public void Dispose() => _file.Dispose();

    private void Flush()
    {
        _offset += _buffer.Length;
        _file.Write(_buffer.WriteTo);
        _buffer.SetLength(0);
    }
}
