using System.IO.Compression;
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

    /// <summary>An entry of its own in the zip, not compressed. ML.NET's own reader reads it too.</summary>
    /// <param name="name">The entry's name in the transformer's folder of the zip.</param>
    /// <param name="write">Gets a stream that is written forwards only; no other entry can be written meanwhile.</param>
    public void WriteStream(string name, Action<Stream> write)
    {
        if (!_context.InRepository)
        {
            throw Host.Except("A transformer with weights can only be saved into a model file, not into a single stream.");
        }
        if (ModelEntries.TryGetArchive(_context.Repository, out ZipArchive? archive))
        {
            using Stream stream = archive.CreateEntry(ModelEntries.Name(_context.Directory, name), CompressionLevel.NoCompression).Open();
            write(stream);
        }
        else
        {
            WriteCompressed(name, write);
        }
    }

    /// <summary>The same through ML.NET's own writer, which compresses.</summary>
    internal void WriteCompressed(string name, Action<Stream> write) => _context.SaveBinaryStream(name, writer => write(writer.BaseStream));
}
