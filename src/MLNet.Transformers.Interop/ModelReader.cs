using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLNet.Transformers.Interop;

/// <summary>Where a transformer reads itself from within a model file.</summary>
internal sealed class ModelReader(IHostEnvironment environment, ModelLoadContext context)
{
    public IHostEnvironment Environment => environment;

    /// <summary>What <see cref="ModelWriter.Values"/> wrote.</summary>
    public BinaryReader Values => context.Reader;

    /// <summary>Reads an entry that <see cref="ModelWriter.WriteStream"/> wrote.</summary>
    /// <param name="name">The entry's name in the transformer's folder of the zip.</param>
    /// <param name="read">Gets a stream with a length that is read forwards only, straight from the zip.</param>
    public void ReadStream(string name, Action<Stream> read)
    {
        string entryName = ModelEntries.Name(context.Directory, name);
        if (context.InRepository && ModelEntries.Find(context.Repository, entryName) is ZipArchiveEntry entry)
        {
            using Stream stream = entry.Open();
            read(stream);
        }
        else if (!context.InRepository || !context.TryLoadBinaryStream(name, reader => read(reader.BaseStream)))
        {
            throw Damaged($"The model file lacks the entry '{entryName}'.");
        }
    }

    /// <summary>An error about the content of the model file.</summary>
    public Exception Damaged(string message) => environment.ExceptDecode(message);
}
