using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers;

/// <summary>Where a network and its tokenizer come from: a folder as Hugging Face lays it out, or a config for fresh weights.</summary>
public sealed class Checkpoint
{
    private readonly string? _folder;

    private Checkpoint(ModelConfig config, TextEncoder tokenizer, string? folder)
    {
        (Config, Tokenizer, _folder) = (config, tokenizer, folder);
        Name = folder ?? "a fresh network";
        if (tokenizer.MaxId >= config.VocabularySize)
        {
            throw new CheckpointException(
                $"The tokenizer of {Name} has ids up to {tokenizer.MaxId}, but the embedding table has {config.VocabularySize} rows ('vocab_size'); they do not belong together.");
        }
    }

    /// <summary>What config.json says.</summary>
    public ModelConfig Config { get; }

    /// <summary>The tokenizer.</summary>
    public TextEncoder Tokenizer { get; }

    /// <summary>What to call the checkpoint in a message.</summary>
    internal string Name { get; }

    /// <summary>A checkpoint folder: config.json, model.safetensors (or its shards), tokenizer.json or the tokenizer's own files. Weights are read when they are needed.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="CheckpointException">config.json is missing, cannot be read, or names an unknown architecture; or the tokenizer has more pieces than the network.</exception>
    public static Checkpoint FromFolder(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"There is no checkpoint folder '{folder}'.");
        }
        ModelConfig config = ModelConfig.FromFile(Path.Combine(folder, "config.json"));
        return new Checkpoint(config, TextEncoder.FromFolder(folder), folder);
    }

    /// <summary>A network with fresh weights, to be trained from scratch.</summary>
    /// <param name="config">Its sizes; the vocabulary must hold the tokenizer's ids.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <exception cref="CheckpointException">The tokenizer has more pieces than the network.</exception>
    public static Checkpoint FromConfig(ModelConfig config, TextEncoder tokenizer)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(tokenizer);
        return new Checkpoint(config, tokenizer, null);
    }

    /// <summary>A checkpoint folder; see <see cref="FromFolder"/>.</summary>
    public static implicit operator Checkpoint(string folder) => FromFolder(folder);

    /// <summary>The weights, or null where they are to be made.</summary>
    internal ITensorSource? OpenWeights() => _folder is null ? null : CheckpointFolder.OpenWeights(_folder);
}
