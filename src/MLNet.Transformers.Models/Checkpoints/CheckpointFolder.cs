using MLNet.Transformers.Models.Checkpoints.Gguf;
using MLNet.Transformers.Models.Checkpoints.TorchPickle;

namespace MLNet.Transformers.Models.Checkpoints;

/// <summary>Finds the weights and the config of a checkpoint: in a folder, or in one file that holds both.</summary>
internal static class CheckpointFolder
{
    public const string WeightsFile = "model.safetensors";
    public const string IndexFile = "model.safetensors.index.json";
    public const string ConfigFile = "config.json";
    public const string TorchFileName = "pytorch_model.bin";
    public const string TorchIndexFile = "pytorch_model.bin.index.json";
    public const string GgufPattern = "*.gguf";

    // In the order in which they are looked for; safetensors first, as the reference does.
    private static readonly (string Name, Func<string, ITensorSource> Open)[] _names =
    [
        (WeightsFile, SafetensorsFile.Open),
        (IndexFile, path => ShardedTensors.Open(path, SafetensorsFile.Open)),
        (TorchFileName, path => TorchFile.Open(path)),
        (TorchIndexFile, path => ShardedTensors.Open(path, shard => TorchFile.Open(shard))),
    ];

    private static readonly Dictionary<string, Func<string, ITensorSource>> _extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        [".safetensors"] = SafetensorsFile.Open,
        [".bin"] = path => TorchFile.Open(path),
        [".pt"] = path => TorchFile.Open(path),
        [".pth"] = path => TorchFile.Open(path),
        [GgufExtension] = GgufCheckpoint.Open,
    };

    private const string GgufExtension = ".gguf";

    /// <summary>The weights of a folder.</summary>
    /// <exception cref="CheckpointException">There are none in a format that is supported, or they are malformed.</exception>
    public static ITensorSource OpenWeights(string folder)
    {
        foreach ((string name, Func<string, ITensorSource> open) in _names)
        {
            string path = Path.Combine(folder, name);
            if (File.Exists(path))
            {
                return open(path);
            }
        }
        if (!Directory.Exists(folder))
        {
            throw new CheckpointException($"There is no folder '{folder}'.");
        }
        if (FindGguf(folder) is { } gguf)
        {
            return GgufCheckpoint.Open(gguf);
        }
        string[] others = [.. Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal)!];
        throw new CheckpointException(
            $"The folder '{folder}' has no weights: looked for {string.Join(", ", _names.Select(item => $"'{item.Name}'"))} and '{GgufPattern}', "
            + $"found {(others.Length == 0 ? "no file" : string.Join(", ", others))}.");
    }

    /// <summary>The weights of one file, by its extension.</summary>
    /// <exception cref="CheckpointException">The extension is none of a known format, or the file is malformed or missing.</exception>
    public static ITensorSource OpenFile(string path) => _extensions.TryGetValue(Path.GetExtension(path), out Func<string, ITensorSource>? open)
        ? open(path)
        : throw new CheckpointException($"'{path}' has the extension '{Path.GetExtension(path)}'; weights are read from {string.Join(", ", _extensions.Keys)}.");

    /// <summary>Whether a file holds config and tokenizer beside the weights.</summary>
    public static bool IsWhole(string path) => Path.GetExtension(path).Equals(GgufExtension, StringComparison.OrdinalIgnoreCase);

    /// <summary>The config of a folder: config.json, else what its *.gguf says.</summary>
    /// <exception cref="CheckpointException">There is neither, or it cannot be read.</exception>
    public static ModelConfig ReadConfig(string folder)
    {
        string config = Path.Combine(folder, ConfigFile);
        return !File.Exists(config) && FindGguf(folder) is { } gguf ? ReadGgufConfig(gguf) : ModelConfig.FromFile(config);
    }

    /// <summary>What a GGUF file says of its network.</summary>
    public static ModelConfig ReadGgufConfig(string path)
    {
        using GgufFile file = GgufFile.Open(path);
        return ModelConfig.Parse(GgufConfig.ToJson(file), path);
    }

    /// <summary>The one *.gguf of a folder; null where there is none.</summary>
    /// <exception cref="CheckpointException">There are several.</exception>
    public static string? FindGguf(string folder)
    {
        string[] found = [.. Directory.EnumerateFiles(folder, GgufPattern).Order(StringComparer.Ordinal)];
        return found.Length <= 1
            ? found.FirstOrDefault()
            : throw new CheckpointException(
                $"The folder '{folder}' has several GGUF files ({string.Join(", ", found.Select(Path.GetFileName))}); expected one. Name the file instead.");
    }
}
