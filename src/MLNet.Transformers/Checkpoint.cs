using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Checkpoints.Gguf;
using MLNet.Transformers.Models.Generation;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers;

/// <summary>Where a network and its tokenizer come from: a folder as Hugging Face lays it out, a file, or a config for fresh weights.</summary>
public sealed class Checkpoint
{
    private readonly Lazy<ModelConfig> _config;
    private readonly Func<ITensorSource>? _open;
    private readonly string? _folder;

    private Checkpoint(ModelConfig config, TextEncoder tokenizer, string name, Func<ITensorSource>? open, string? folder = null)
    {
        (Tokenizer, Name, _open, _folder) = (tokenizer, name, open, folder);
        _config = new Lazy<ModelConfig>(() => Completed(config), LazyThreadSafetyMode.PublicationOnly);
        if (tokenizer.MaxId >= config.VocabularySize)
        {
            throw new CheckpointException(
                $"The tokenizer of {Name} has ids up to {tokenizer.MaxId}, but the embedding table has {config.VocabularySize} rows ('vocab_size'); they do not belong together.");
        }
    }

    /// <summary>
    /// What config.json says of the network; of a T5 the weights are looked at once, too, since only they tell whether its language-model head is the
    /// token embedding.
    /// </summary>
    /// <exception cref="CheckpointException">The weights are needed, and missing or malformed.</exception>
    public ModelConfig Config => _config.Value;

    /// <summary>The tokenizer.</summary>
    public TextEncoder Tokenizer { get; }

    /// <summary>What to call the checkpoint in a message.</summary>
    internal string Name { get; }

    /// <summary>
    /// A checkpoint folder: config.json, the weights, and tokenizer.json or the tokenizer's own files. Weights are looked for in this order:
    /// model.safetensors, its shards, pytorch_model.bin, its shards, one *.gguf. Where there is no config.json, a *.gguf says what the network is, and
    /// what the tokenizer is if it holds one. Weights are read when they are needed.
    /// </summary>
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
        return !File.Exists(Path.Combine(folder, CheckpointFolder.ConfigFile)) && CheckpointFolder.FindGguf(folder) is { } gguf
            ? FromGguf(gguf)
            : new Checkpoint(
                CheckpointFolder.ReadConfig(folder), TextEncoder.FromFolder(folder), folder, () => CheckpointFolder.OpenWeights(folder), folder);
    }

    /// <summary>
    /// One file with weights. A *.gguf (llama.cpp's format, of a LLaMA) holds config and tokenizer too; beside a *.safetensors, *.bin, *.pt or *.pth lie
    /// config.json and the tokenizer's files. Blocks of few bits are decoded to float32.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="CheckpointException">The file, or the config.json beside it, is malformed, missing, or of an unknown architecture; or the tokenizer has more pieces than the network.</exception>
    public static Checkpoint FromFile(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no checkpoint file '{path}'.", path);
        }
        if (CheckpointFolder.IsWhole(path))
        {
            return FromGguf(path);
        }
        string folder = Folder(path);
        ModelConfig config = ModelConfig.FromFile(Path.Combine(folder, CheckpointFolder.ConfigFile));
        return new Checkpoint(config, TextEncoder.FromFolder(folder), path, () => CheckpointFolder.OpenFile(path), folder);
    }

    /// <summary>A network with fresh weights, to be trained from scratch.</summary>
    /// <param name="config">Its sizes; the vocabulary must hold the tokenizer's ids.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <exception cref="CheckpointException">The tokenizer has more pieces than the network.</exception>
    public static Checkpoint FromConfig(ModelConfig config, TextEncoder tokenizer)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(tokenizer);
        return new Checkpoint(config, tokenizer, "a fresh network", null);
    }

    /// <summary>A checkpoint folder; see <see cref="FromFolder"/>.</summary>
    public static implicit operator Checkpoint(string folder) => FromFolder(folder);

    /// <summary>The weights, or null where they are to be made.</summary>
    internal ITensorSource? OpenWeights() => _open?.Invoke();

    /// <summary>What the checkpoint says of how it writes.</summary>
    internal GenerationOptions ReadGenerationOptions() => _folder is null ? GenerationConfigFile.Legacy(Config) : GenerationConfigFile.Read(_folder, Config);

    /// <summary>The content of generation_config.json; null where there is none.</summary>
    internal byte[]? ReadGenerationConfig() =>
        _folder is not null && Path.Combine(_folder, GenerationConfigFile.FileName) is var path && File.Exists(path) ? File.ReadAllBytes(path) : null;

    // A file without a tokenizer may lie beside one.
    private static Checkpoint FromGguf(string path)
    {
        using GgufFile file = GgufFile.Open(path);
        ModelConfig config = ModelConfig.Parse(GgufConfig.ToJson(file), path);
        TextEncoder tokenizer = GgufTokenizer.IsIn(file.Metadata)
            ? TextEncoder.FromFiles(GgufTokenizer.Files(file.Metadata))
            : TextEncoder.FromFolder(Folder(path));
        return new Checkpoint(config, tokenizer, path, () => CheckpointFolder.OpenFile(path));
    }

    private ModelConfig Completed(ModelConfig config)
    {
        if (_open is null || !config.IsCompletedByTensors)
        {
            return config;
        }
        using ITensorSource source = _open();
        return config.CompletedBy(source);
    }

    private static string Folder(string path) => Path.GetDirectoryName(Path.GetFullPath(path))!;
}
