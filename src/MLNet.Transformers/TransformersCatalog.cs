using Microsoft.ML;
using MLNet.Transformers.Interop;

namespace MLNet.Transformers;

/// <summary>Everything that this library adds to an <see cref="MLContext"/>. Each task's verbs are in its folder.</summary>
public sealed partial class TransformersCatalog
{
    private readonly MLContext _context;

    internal TransformersCatalog(MLContext context) => _context = context;

    /// <summary>
    /// Saves a pipeline as <c>mlContext.Model.Save</c> does, but beside the target and then renamed: where saving fails, the old file stays.
    /// (<c>mlContext.Model.Save</c> with a path empties its target before it asks any part of the pipeline for its content.)
    /// </summary>
    /// <param name="model">The fitted pipeline.</param>
    /// <param name="inputSchema">The schema of its input, or null.</param>
    /// <param name="path">The file, usually *.zip. A symbolic link stays, the file that it leads to is replaced and keeps its permissions.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be written.</exception>
    public void SaveModel(ITransformer model, DataViewSchema? inputSchema, string path)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        AtomicFile.Write(path, stream => ModelFile.Save(_context.Model, model, inputSchema, stream));
    }

    /// <summary>
    /// Loads a pipeline as <c>mlContext.Model.Load</c> does, and throws what went wrong: there, the exception of a part that cannot be loaded (damage,
    /// a newer version, a missing native library) is the innermost of several <see cref="System.Reflection.TargetInvocationException"/>, and is
    /// written to <see cref="MLContext.Log"/>.
    /// </summary>
    /// <param name="path">A file that <see cref="SaveModel"/> or <c>mlContext.Model.Save</c> wrote.</param>
    /// <param name="inputSchema">The schema of the pipeline's input; null where it was saved without.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, was saved by a newer version, or is no model; the message names it and, of damage, the entry in it.</exception>
    public ITransformer LoadModel(string path, out DataViewSchema? inputSchema)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return ModelFile.Load(_context.Model, path, out inputSchema);
    }
}
