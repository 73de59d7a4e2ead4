namespace MLNet.Transformers.Models.Checkpoints;

/// <summary>Finds the weights in a checkpoint folder.</summary>
internal static class CheckpointFolder
{
    public const string WeightsFile = "model.safetensors";
    public const string IndexFile = "model.safetensors.index.json";
    public const string ConfigFile = "config.json";

    /// <exception cref="CheckpointException">There are none in a format that is supported.</exception>
    public static ITensorSource OpenWeights(string folder)
    {
        string single = Path.Combine(folder, WeightsFile);
        if (File.Exists(single))
        {
            return SafetensorsFile.Open(single);
        }
        string index = Path.Combine(folder, IndexFile);
        if (File.Exists(index))
        {
            return ShardedTensors.Open(index);
        }
        if (!Directory.Exists(folder))
        {
            throw new CheckpointException($"There is no folder '{folder}'.");
        }
        string[] others = [.. Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal)!];
        throw new CheckpointException(
            $"The folder '{folder}' has no weights: looked for '{WeightsFile}' and '{IndexFile}', found {(others.Length == 0 ? "no file" : string.Join(", ", others))}.");
    }
}
