using MLNet.Transformers.Models.Checkpoints.Gguf;
using MLNet.Transformers.Models.Generation;

namespace MLNet.Transformers.Models.Checkpoints;

/// <summary>
/// What a checkpoint holds, and where: a folder's files each hold a part of it, a GGUF file holds everything. Which of the two a path is, is decided here
/// and nowhere else.
/// </summary>
internal sealed class CheckpointContents
{
    private CheckpointContents(string path, string folder, ModelConfig config, Func<ITensorSource> openWeights) =>
        (Path, Folder, Config, OpenWeights) = (path, folder, config, openWeights);

    /// <summary>What to call the checkpoint in a message: the folder or the file.</summary>
    public string Path { get; }

    /// <summary>Where the tokenizer's files lie unless <see cref="TokenizerFiles"/> are given.</summary>
    public string Folder { get; }

    /// <summary>What is said of the network, without what its weights tell besides.</summary>
    public ModelConfig Config { get; }

    public Func<ITensorSource> OpenWeights { get; }

    /// <summary>The contents of the tokenizer's files, by name, where the file of weights holds them.</summary>
    public IReadOnlyDictionary<string, byte[]>? TokenizerFiles { get; private init; }

    /// <summary>The content of generation_config.json; null where there is none.</summary>
    public byte[]? GenerationConfig { get; private init; }

    /// <summary>What is odd and was passed over.</summary>
    public IReadOnlyList<string> Warnings { get; private init; } = [];

    /// <summary>A folder as Hugging Face lays it out. Without a config.json, its one *.gguf says everything.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="modelType">As in <see cref="ModelConfig.FromFile"/>.</param>
    /// <exception cref="CheckpointException">The config is missing, malformed, or of an unknown architecture; or the folder holds an adapter.</exception>
    public static CheckpointContents OfFolder(string folder, string? modelType = null) =>
        !File.Exists(System.IO.Path.Combine(folder, CheckpointFolder.ConfigFile)) && CheckpointFolder.FindGguf(folder) is { } gguf
            ? OfGguf(gguf)
            : OfParts(folder, folder, modelType, () => CheckpointFolder.OpenWeights(folder));

    /// <summary>One file of weights: a *.gguf, or one beside which config and tokenizer lie.</summary>
    /// <param name="path">The file.</param>
    /// <param name="modelType">As in <see cref="ModelConfig.FromFile"/>.</param>
    /// <exception cref="CheckpointException">As <see cref="OfFolder"/>.</exception>
    public static CheckpointContents OfFile(string path, string? modelType = null) =>
        CheckpointFolder.IsGguf(path) ? OfGguf(path) : OfParts(path, FolderOf(path), modelType, () => CheckpointFolder.OpenFile(path));

    private static CheckpointContents OfParts(string path, string folder, string? modelType, Func<ITensorSource> openWeights)
    {
        PartialCheckpoints.RefuseAdapter(folder);
        string generation = System.IO.Path.Combine(folder, GenerationConfigFile.FileName);
        return new(path, folder, ModelConfig.FromFile(System.IO.Path.Combine(folder, CheckpointFolder.ConfigFile), modelType), openWeights)
        {
            GenerationConfig = File.Exists(generation) ? File.ReadAllBytes(generation) : null,
        };
    }

    // A file without a tokenizer may lie beside one.
    private static CheckpointContents OfGguf(string path)
    {
        CheckpointFolder.RefuseText(path);
        using GgufContents file = GgufContents.Open(path);
        ModelConfig config = ModelConfig.Parse(GgufConfig.ToJson(file), path);
        return new(path, FolderOf(path), config, () => CheckpointFolder.OpenFile(path))
        {
            GenerationConfig = GgufEndTokens.GenerationConfig(file.Metadata, config),
            TokenizerFiles = GgufTokenizer.IsIn(file.Metadata) ? GgufTokenizer.Files(file.Metadata) : null,
            Warnings = GgufConfig.SpecialTokens(file).Warnings,
        };
    }

    private static string FolderOf(string path) => System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
}
