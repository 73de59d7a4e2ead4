using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLNet.Transformers.Interop;

/// <summary>Where a transformer reads itself from within a model file.</summary>
internal sealed class ModelReader
{
    private readonly IHostEnvironment _environment;
    private readonly ModelLoadContext _context;

    /// <exception cref="FormatException">What stands in <see cref="Values"/> is damaged.</exception>
    public ModelReader(IHostEnvironment environment, ModelLoadContext context)
    {
        (_environment, _context) = (environment, context);
        // ML.NET has copied this entry already, and did not look at the checksum.
        TryRead(ModelLoadContext.ModelStreamName, _ => { });
    }

    /// <summary>What <see cref="ModelWriter.Values"/> wrote.</summary>
    public BinaryReader Values => _context.Reader;

    /// <summary>Reads an entry that <see cref="ModelWriter.WriteStream"/> wrote.</summary>
    /// <param name="name">The entry's name in the transformer's folder of the zip.</param>
    /// <param name="read">Gets a stream that is read forwards only, straight from the zip.</param>
    /// <exception cref="FormatException">The entry is missing, or not what was written. It names the entry.</exception>
    public void ReadStream(string name, Action<Stream> read)
    {
        if (!TryRead(name, read) && !(_context.InRepository && _context.TryLoadBinaryStream(name, reader => read(reader.BaseStream))))
        {
            throw Damaged($"The model file lacks the entry '{EntryName(name)}'.");
        }
    }

    /// <summary>The whole content of an entry.</summary>
    public byte[] ReadBytes(string name)
    {
        using var buffer = new MemoryStream();
        ReadStream(name, stream => stream.CopyTo(buffer));
        return buffer.ToArray();
    }

    /// <summary>An error about the content of the model file.</summary>
    public Exception Damaged(string message, Exception? cause = null) => _environment.ExceptDecode(cause, message);

    private string EntryName(string name) => ModelEntries.Name(_context.Directory, name);

    private bool TryRead(string name, Action<Stream> read)
    {
        if (!_context.InRepository || ModelEntries.Find(_context.Repository, EntryName(name)) is not ZipArchiveEntry entry)
        {
            return false;
        }
        using ChecksumStream stream = Open(entry);
        try
        {
            read(stream);
        }
        catch (Exception error) when (stream.IsDamaged())
        {
            throw DamagedEntry(entry, error);
        }
        return stream.IsDamaged() ? throw DamagedEntry(entry) : true;
    }

    private ChecksumStream Open(ZipArchiveEntry entry)
    {
        try
        {
            return new ChecksumStream(entry);
        }
        catch (InvalidDataException error)
        {
            throw DamagedEntry(entry, error);
        }
    }

    private Exception DamagedEntry(ZipArchiveEntry entry, Exception? cause = null) =>
        Damaged($"The entry '{entry.FullName}' of the model file is damaged: it does not match its checksum.", cause);
}
