namespace MLNet.Transformers;

/// <summary>
/// Files that are either whole or not there: written under another name beside the target, then renamed. Several processes may write the same file
/// at once, and the last one's stays. (A source shared by the assemblies that write files, of which none knows the other.)
/// </summary>
internal static class AtomicFile
{
    /// <summary>Writes one file.</summary>
    /// <param name="path">The file. Where it is a symbolic link, the link stays and what it leads to is replaced.</param>
    /// <param name="write">Writes its content.</param>
    /// <param name="mode">Its permissions, on Unix; null: those of the old file or, of a new one, what the process gives to new files.</param>
    /// <exception cref="DirectoryNotFoundException">There is no folder for it. Nothing was asked of <paramref name="write"/>.</exception>
    /// <exception cref="IOException">It could not be written. The message names the file.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written. The message names the file.</exception>
    public static void Write(string path, Action<Stream> write, UnixFileMode? mode = null) => Write([(path, write)], mode);

    /// <summary>Writes several files; none of the old ones is replaced before all the new ones are written.</summary>
    public static void Write(IReadOnlyList<(string Path, Action<Stream> Write)> files, UnixFileMode? mode = null)
    {
        var pending = new List<PendingFile>(files.Count);
        try
        {
            foreach ((string path, _) in files)
            {
                pending.Add(new PendingFile(path, mode));
            }
            for (int i = 0; i < files.Count; i++)
            {
                pending[i].Write(files[i].Write);
            }
            foreach (PendingFile file in pending)
            {
                file.Rename();
            }
        }
        finally
        {
            foreach (PendingFile file in pending)
            {
                file.Dispose();
            }
        }
    }
}
