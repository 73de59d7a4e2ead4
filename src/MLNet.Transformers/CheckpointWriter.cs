using System.Text;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Checkpoints.Safetensors;
using MLNet.Transformers.Models.Generation;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers;

/// <summary>Writes checkpoint folders that the reference implementation reads.</summary>
internal static class CheckpointWriter
{
    /// <summary>Where the files of a second tokenizer lie, by which sources are read.</summary>
    public const string SourceTokenizerFolder = "source_tokenizer";

    /// <summary>Writes weights, config.json, the tokenizer's files and, where there is one, generation_config.json. Files of the same names are replaced, each in one step.</summary>
    /// <param name="folder">The folder; made where it is missing.</param>
    /// <param name="model">The network.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="generationConfig">The content of generation_config.json, or null.</param>
    /// <param name="sourceTokenizer">The tokenizer of sources, where they have a vocabulary of their own.</param>
    public static void Write(string folder, TaskModel model, TextEncoder tokenizer, byte[]? generationConfig = null, TextEncoder? sourceTokenizer = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        // A tokenizer that cannot be saved says so before anything is written.
        _ = tokenizer.Files;
        _ = sourceTokenizer?.Files;
        Directory.CreateDirectory(folder);
        ShardedWriter.Write(folder, model.StoredTensors());
        tokenizer.Save(folder);
        sourceTokenizer?.Save(Path.Combine(folder, SourceTokenizerFolder));
        if (generationConfig is not null)
        {
            AtomicFile.Write(Path.Combine(folder, GenerationConfigFile.FileName), stream => stream.Write(generationConfig));
        }
        AtomicFile.Write(
            Path.Combine(folder, CheckpointFolder.ConfigFile), stream => stream.Write(Encoding.UTF8.GetBytes(model.Config.ToJson(model.ClassName))));
    }
}
