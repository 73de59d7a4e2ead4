using System.Collections;
using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using MLNet.Transformers.Batching;

namespace MLNet.Transformers.Pretraining;

/// <summary>
/// Token sequences in a file that is mapped into memory and deleted with the object: of a text of any size only what a step reads is in memory, and
/// the system may drop it again. Ids one behind the other, then of each sequence where it ends.
/// </summary>
internal sealed class TokenFile : IReadOnlyList<TokenSequence>, IDisposable
{
    private const string Name = "mlnet-transformers-tokens-";

    private readonly FileStream _file;
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private readonly long _ends;

    private TokenFile(FileStream file, long ids, int count)
    {
        (_file, _ends, Count) = (file, ids * sizeof(int), count);
        _map = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        _view = _map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
    }

    public int Count { get; }

    public TokenSequence this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            long start = index == 0 ? 0 : End(index - 1);
            var ids = new int[End(index) - start];
            _view.ReadArray(start * sizeof(int), ids, 0, ids.Length);
            return new TokenSequence(ids);
        }
    }

    /// <summary>Writes sequences to a new file and opens it. The sequences are read once, one after the other.</summary>
    /// <param name="folder">Where the file is made.</param>
    /// <param name="sequences">None empty.</param>
    /// <returns>Null where there is no sequence.</returns>
    public static TokenFile? Write(string folder, IEnumerable<TokenSequence> sequences)
    {
        string path = Path.Combine(folder, Name + Path.GetRandomFileName());
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        try
        {
            var ends = new List<long>();
            long ids = 0;
            foreach (TokenSequence sequence in sequences)
            {
                file.Write(MemoryMarshal.AsBytes(sequence.Ids.AsSpan()));
                ends.Add(ids += sequence.Ids.Length);
            }
            if (ends.Count == 0)
            {
                file.Dispose();
                return null;
            }
            file.Write(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(ends)));
            file.Flush();
            return new TokenFile(file, ids, ends.Count);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public IEnumerator<TokenSequence> GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose()
    {
        _view.Dispose();
        _map.Dispose();
        _file.Dispose();
    }

    private long End(int index) => _view.ReadInt64(_ends + (long)index * sizeof(long));
}
