namespace MLNet.Transformers;

/// <summary>
/// A file on its way to take another's place. It is open, and so locked, until it was renamed: one with such a name that nobody has locked was left
/// by a process that ended, and goes when the same target is written again.
/// </summary>
internal sealed class PendingFile : IDisposable
{
    private const string Suffix = ".tmp";
    private const int Attempts = 5;

    private readonly string _path;
    private readonly string _target;
    private readonly UnixFileMode? _mode;
    private readonly FileStream _stream;

    public PendingFile(string path, UnixFileMode? mode)
    {
        var file = new FileInfo(path);
        _path = path;
        _target = file.LinkTarget is null ? file.FullName : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        string folder = Path.GetDirectoryName(_target) ?? _target;
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"There is no folder '{folder}' for the file '{path}'.");
        }
        if (Directory.Exists(_target))
        {
            throw new IOException($"The file '{path}' cannot be written: it is a folder.");
        }
        RemoveLeftovers(folder, Path.GetFileName(_target) + ".");
        _mode = mode ?? (File.Exists(_target) && !OperatingSystem.IsWindows() ? File.GetUnixFileMode(_target) : null);
        _stream = Create();
    }

    public void Write(Action<Stream> write)
    {
        try
        {
            write(_stream);
            _stream.Flush();
        }
        catch (Exception error) when (TellsOf(error, _stream.Name))
        {
            throw NameTarget(error, _stream.Name);
        }
    }

    public void Rename()
    {
        try
        {
            if (_mode is { } mode && !OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(_stream.Name, mode);
            }
            File.Move(_stream.Name, _target, overwrite: true);
        }
        catch (Exception error) when (TellsOf(error, _stream.Name))
        {
            throw NameTarget(error, _stream.Name);
        }
    }

    public void Dispose()
    {
        try
        {
            _stream.Dispose();
        }
        catch (IOException)
        {
            // What is still in the buffer belongs to a file that failed before.
        }
        File.Delete(_stream.Name);
    }

    private static void RemoveLeftovers(string folder, string prefix)
    {
        var all = new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.None };
        foreach (string path in Directory.EnumerateFiles(folder, "*" + Suffix, all))
        {
            string name = Path.GetFileName(path);
            if (name.StartsWith(prefix, StringComparison.Ordinal) && Guid.TryParseExact(name.AsSpan()[prefix.Length..^Suffix.Length], "N", out _))
            {
                try
                {
                    new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose).Dispose();
                }
                catch (Exception error) when (error is IOException or UnauthorizedAccessException)
                {
                    // Somebody is writing it, or it is another user's.
                }
            }
        }
    }

    private FileStream Create()
    {
        // To share deletion is to allow renaming while the file is open, on Windows. On Unix whatever is shared is a lock that excludes exclusive ones.
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.Delete, BufferSize = 1 << 16 };
        if (_mode is not null && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
        for (int attempt = 1; ; attempt++)
        {
            string temporary = $"{_target}.{Guid.NewGuid():N}{Suffix}";
            try
            {
                var stream = new FileStream(temporary, options);
                if (File.Exists(temporary))
                {
                    return stream;
                }
                stream.Dispose();
            }
            catch (IOException) when (attempt < Attempts)
            {
                // Another process can take the file for a leftover between its creation and its lock.
            }
            catch (Exception error) when (TellsOf(error, temporary))
            {
                throw NameTarget(error, temporary);
            }
        }
    }

    private static bool TellsOf(Exception error, string temporary) =>
        error is IOException or UnauthorizedAccessException && error.Message.Contains(temporary, StringComparison.Ordinal);

    private Exception NameTarget(Exception error, string temporary)
    {
        string message = error.Message.Replace(temporary, _path, StringComparison.Ordinal);
        return error is IOException ? new IOException(message, error.HResult) : new UnauthorizedAccessException(message);
    }
}
