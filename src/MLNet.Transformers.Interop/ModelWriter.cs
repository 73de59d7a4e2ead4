using System.IO.Compression;
using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLNet.Transformers.Interop;

/// <summary>Where a transformer writes itself within a model file.</summary>
internal sealed class ModelWriter
{
    private readonly ModelSaveContext _context;

    private ModelWriter(IHost host, ModelSaveContext context) => (Host, _context) = (host, context);

    public IHost Host { get; }

    /// <summary>For small things: the stream that ML.NET reads first.</summary>
    public BinaryWriter Values => _context.Writer;

    public static void Save(RowTransformer transformer, ModelSaveContext context)
    {
        context.CheckAtModel();
        context.SetVersionInfo(ModelFormat.Header);
        Type type = transformer.GetType();
        context.SaveNonEmptyString(type.Assembly.GetName().Name);
        context.SaveNonEmptyString(type.FullName);
        transformer.Save(new ModelWriter(transformer.Host, context));
    }

    /// <summary>
    /// An entry of its own in the zip, not compressed. ML.NET's way compresses through a temporary file, which takes ten times as long and
    /// gains little on weights; ML.NET's own reader reads both.
    /// </summary>
    public void WriteStream(string name, Action<Stream> write)
    {
        if (TryGetArchive(_context.Repository, out ZipArchive? archive))
        {
            using Stream stream = archive.CreateEntry(EntryName(_context.Directory, name), CompressionLevel.NoCompression).Open();
            write(stream);
        }
        else
        {
            _context.SaveBinaryStream(name, writer => write(writer.BaseStream));
        }
    }

    /// <summary>What ML.NET calls the entry: folders with the platform's separator.</summary>
    internal static string EntryName(string? directory, string name) => Path.Combine(directory ?? "", name);

    private static bool TryGetArchive(RepositoryWriter repository, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ZipArchive? archive)
    {
        try
        {
            archive = Archive(repository);
            // Entries that ML.NET has closed but not yet copied into the zip go first: only one can be open at a time.
            Flush(repository);
            return archive is not null;
        }
        catch (Exception error) when (error is MissingFieldException or MissingMethodException)
        {
            archive = null;
            return false;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_archive")]
    private static extern ref ZipArchive Archive(RepositoryWriter repository);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "Flush")]
    private static extern void Flush(RepositoryWriter repository);
}
