using System.Collections;

namespace MLNet.Transformers.Pretraining;

/// <summary>The blocks of some files as one list; each is read when it is asked for.</summary>
/// <param name="files">The files.</param>
/// <param name="others">As <see cref="BlockFile.Read"/> takes it.</param>
internal sealed class BlockList(IReadOnlyList<BlockFile> files, bool others) : IReadOnlyList<TextBlock>
{
    public int Count => files.Sum(file => file.Count);

    public TextBlock this[int index]
    {
        get
        {
            int file = 0;
            for (; file < files.Count - 1 && index >= files[file].Count; file++)
            {
                index -= files[file].Count;
            }
            return files[file].Read(index, others);
        }
    }

    public IEnumerator<TextBlock> GetEnumerator() =>
        files.SelectMany(file => Enumerable.Range(0, file.Count).Select(index => file.Read(index, others))).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
