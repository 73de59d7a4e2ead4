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
    /// <summary>Writes weights, config.json, the tokenizer's files and, where there is one, generation_config.json. Files of the same names are replaced, each in one step.</summary>
    /// <param name="folder">The folder; made where it is missing.</param>
    /// <param name="model">The network.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="generationConfig">The content of generation_config.json, or null.</param>
    public static void Write(string folder, TaskModel model, TextEncoder tokenizer, byte[]? generationConfig = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        // A tokenizer that cannot be saved says so before anything is written.
        _ = tokenizer.Files;
        Directory.CreateDirectory(folder);
        ShardedWriter.Write(folder, model.StoredTensors());
        tokenizer.Save(folder);
        if (generationConfig is not null)
        {
            AtomicFile.Write(Path.Combine(folder, GenerationConfigFile.FileName), stream => stream.Write(generationConfig));
        }
        AtomicFile.Write(
            Path.Combine(folder, CheckpointFolder.ConfigFile), stream => stream.Write(Encoding.UTF8.GetBytes(model.Config.ToJson(model.ClassName))));
    }
}
