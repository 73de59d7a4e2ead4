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
    public void ReadStream(string name, Action<Stream> read)
    {
        if (!context.TryLoadBinaryStream(name, reader => read(reader.BaseStream)))
        {
            throw environment.ExceptDecode($"The model file lacks the entry '{ModelWriter.EntryName(context.Directory, name)}'.");
        }
    }

    /// <summary>An error about the content of the model file.</summary>
    public Exception Damaged(string message) => environment.ExceptDecode(message);
}
