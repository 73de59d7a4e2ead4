namespace MLNet.Transformers.Models.Checkpoints;

/// <summary>Files that are either whole or not there: written under another name beside the target, then renamed.</summary>
internal static class AtomicFile
{
    /// <summary>Writes one file.</summary>
    public static void Write(string path, Action<Stream> write) => Write([(path, write)]);

    /// <summary>Writes several files; none of the old ones is replaced before all the new ones are written.</summary>
    public static void Write(IReadOnlyList<(string Path, Action<Stream> Write)> files)
    {
        string[] temporary = [.. files.Select(file => $"{file.Path}.{Guid.NewGuid():N}.tmp")];
        try
        {
            for (int i = 0; i < files.Count; i++)
            {
                using FileStream stream = File.Create(temporary[i], bufferSize: 1 << 16);
                files[i].Write(stream);
            }
            for (int i = 0; i < files.Count; i++)
            {
                File.Move(temporary[i], files[i].Path, overwrite: true);
            }
        }
        finally
        {
            foreach (string path in temporary)
            {
                File.Delete(path);
            }
        }
    }
}
