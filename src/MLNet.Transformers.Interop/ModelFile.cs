using System.IO.Compression;
using System.Reflection;
using System.Runtime.ExceptionServices;
using Microsoft.ML;

namespace MLNet.Transformers.Interop;

/// <summary>Saving and loading of a whole pipeline with the errors that were meant for the user.</summary>
internal static class ModelFile
{
    /// <summary>Saves into a stream that can be read. ML.NET passes over an error that it meets while it closes the zip, on a full disk for example.</summary>
    /// <exception cref="IOException">The zip has no directory.</exception>
    public static void Save(ModelOperationsCatalog models, ITransformer model, DataViewSchema? inputSchema, Stream stream)
    {
        models.Save(model, inputSchema, stream);
        stream.Flush();
        try
        {
            stream.Position = 0;
            using var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        }
        catch (InvalidDataException error)
        {
            throw new IOException("The model could not be written to its end. Is the disk full?", error);
        }
    }

    public static ITransformer Load(ModelOperationsCatalog models, string path, out DataViewSchema? inputSchema)
    {
        if (Directory.Exists(path))
        {
            throw new FileNotFoundException($"'{path}' is a folder, not a model file. A checkpoint folder is opened with Checkpoint.FromFolder.", path);
        }
        try
        {
            return models.Load(path, out inputSchema);
        }
        catch (Exception error)
        {
            Exception cause = Cause(error);
            if (File.Exists(path) && ModelFileDamage.Find(path) is { } damage)
            {
                throw new InvalidDataException($"The model file '{path}' is damaged: {damage}.", cause);
            }
            if (cause is FormatException)
            {
                throw new InvalidDataException($"The model file '{path}' cannot be loaded: {cause.Message}", cause);
            }
            ExceptionDispatchInfo.Throw(cause);
            throw;
        }
    }

    // ML.NET calls the loader of each part by reflection: a chain and a part of it are two exceptions around the one that tells what happened, and
    // each of them may have another around it.
    private static Exception Cause(Exception error)
    {
        Exception cause = error;
        for (Exception? current = error; current is not null; current = current.InnerException)
        {
            if (current is TargetInvocationException { InnerException: { } inner })
            {
                cause = inner;
            }
        }
        return cause;
    }
}
