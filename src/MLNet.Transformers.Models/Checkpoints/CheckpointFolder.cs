using MLNet.Transformers.Models.Checkpoints.Gguf;
using MLNet.Transformers.Models.Checkpoints.Safetensors;
using MLNet.Transformers.Models.Checkpoints.TorchPickle;
namespace MLNet.Transformers.Models.Checkpoints;

/// <summary>The names of a checkpoint folder's files, and the formats that weights are in.</summary>
internal static class CheckpointFolder
{
    public const string WeightsFile = "model.safetensors";
    public const string IndexFile = "model.safetensors.index.json";
    public const string ConfigFile = "config.json";

    private const string GgufEnding = ".gguf";

    // In the order in which they are looked for; safetensors first, as the reference does.
    private static readonly string[] _names = [WeightsFile, IndexFile, "pytorch_model.bin", "pytorch_model.bin.index.json"];

    private static readonly (string Ending, Func<string, ITensorSource> Open)[] _formats =
    [
        (".safetensors", Binary(SafetensorsFile.Open)),
        (".bin", Binary(path => TorchFile.Open(path))),
        (".pt", Binary(path => TorchFile.Open(path))),
        (".pth", Binary(path => TorchFile.Open(path))),
        (GgufEnding, Binary(GgufFile.Open)),
        (".index.json", path => ShardedTensors.Open(path, OpenFile)),
    ];

    /// <summary>The weights of a folder.</summary>
    /// <exception cref="CheckpointException">There are none in a format that is supported, or they are malformed.</exception>
    public static ITensorSource OpenWeights(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new CheckpointException($"There is no folder '{folder}'.");
        }
        if ((_names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists) ?? FindGguf(folder)) is { } path)
        {
            return OpenFile(path);
        }
        string[] others = [.. Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal)!];
        throw new CheckpointException(
            $"The folder '{folder}' has no weights: looked for {string.Join(", ", _names.Select(name => $"'{name}'"))} and '*{GgufEnding}', "
            + $"found {(others.Length == 0 ? "no file" : NameList.Cut(others))}.");
    }

    /// <summary>The weights of one file, or of those that an index lists, by the file's extension.</summary>
    /// <exception cref="CheckpointException">The extension is none of a known format, or the file is malformed or missing.</exception>
    public static ITensorSource OpenFile(string path)
    {
        Func<string, ITensorSource> open = Opener(path)
            ?? throw new CheckpointException(
                $"'{path}' has the extension '{Path.GetExtension(path)}'; weights are read from {string.Join(", ", _formats.Select(format => format.Ending))}.");
        return open(path);
    }

    /// <summary>Refuses a text where a file of weights has to be, which none of the formats is.</summary>
    /// <exception cref="CheckpointException">It is one.</exception>
    public static void RefuseText(string path)
    {
        using MappedFile file = MappedFile.Open(path);
        if (FailedDownload.DescribeBinary(file.Span(0, (int)Math.Min(file.Length, FailedDownload.HeadLength))) is { } fault)
        {
            throw new CheckpointException($"'{path}' holds no weights: {fault}.");
        }
    }

    /// <summary>Whether a file's extension is that of weights.</summary>
    public static bool IsWeights(string path) => Opener(path) is not null;

    public static bool IsGguf(string path) => path.EndsWith(GgufEnding, StringComparison.OrdinalIgnoreCase);

    /// <summary>The one *.gguf of a folder, or the first of its parts; null where there is none.</summary>
    /// <exception cref="CheckpointException">There are several.</exception>
    public static string? FindGguf(string folder)
    {
        string[] found = [.. Directory.EnumerateFiles(folder, "*" + GgufEnding).Order(StringComparer.Ordinal)];
        return found.Length <= 1 || found.All(GgufParts.NamesOf(found[0]).Contains)
            ? found.FirstOrDefault()
            : throw new CheckpointException(
                $"The folder '{folder}' has several GGUF files ({NameList.Cut([.. found.Select(path => Path.GetFileName(path))])}); expected one. Name the file instead.");
    }

    private static Func<string, ITensorSource> Binary(Func<string, ITensorSource> open) => path =>
    {
        RefuseText(path);
        return open(path);
    };

    private static Func<string, ITensorSource>? Opener(string path) =>
        _formats.FirstOrDefault(format => path.EndsWith(format.Ending, StringComparison.OrdinalIgnoreCase)).Open;
}
