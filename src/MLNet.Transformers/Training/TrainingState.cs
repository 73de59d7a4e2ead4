using System.Globalization;
using System.Text.Json;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Checkpoints.Safetensors;
using static TorchSharp.torch;

namespace MLNet.Transformers.Training;

/// <summary>
/// The state of a training run in a folder: one subfolder a writing, complete before it gets its name, so that a run that is killed while it
/// writes still finds the one before.
/// </summary>
internal sealed class TrainingState(string folder, TaskModel model, AdamW optimizer, BestWeights best)
{
    private const string Prefix = "step-";
    private const string PositionFile = "position.json";
    private const string WeightsFile = "model.safetensors";
    private const string OptimizerFile = "optimizer.safetensors";
    private const string BestFile = "best.safetensors";

    private static readonly JsonSerializerOptions _json = new() { WriteIndented = true };

    private IEnumerable<(string Name, Tensor Tensor)> Weights => model.NamedParameters.Select(item => (item.Name, (Tensor)item.Parameter));

    public void Write(TrainingPosition position)
    {
        Directory.CreateDirectory(folder);
        string name = Path.Combine(folder, Prefix + position.Step.ToString("D9", CultureInfo.InvariantCulture));
        string unfinished = name + ".unfinished";
        DeleteFolder(unfinished);
        Directory.CreateDirectory(unfinished);
        SafetensorsWriter.Write(Path.Combine(unfinished, WeightsFile), Weights);
        SafetensorsWriter.Write(Path.Combine(unfinished, OptimizerFile), optimizer.State);
        if (best.Any)
        {
            SafetensorsWriter.Write(Path.Combine(unfinished, BestFile), best.Tensors);
        }
        File.WriteAllText(Path.Combine(unfinished, PositionFile), JsonSerializer.Serialize(position, _json));
        DeleteFolder(name);
        Directory.Move(unfinished, name);
        foreach (string older in States().Where(state => state != name))
        {
            DeleteFolder(older);
        }
    }

    /// <summary>Reads the latest state back, or returns null where there is none.</summary>
    /// <exception cref="InvalidOperationException">The state is of other data, options or another network.</exception>
    public TrainingPosition? Read(string fingerprint)
    {
        if (States().Max() is not { } name)
        {
            return null;
        }
        string file = Path.Combine(name, PositionFile);
        TrainingPosition position = JsonSerializer.Deserialize<TrainingPosition>(File.ReadAllText(file))
            ?? throw new InvalidDataException($"'{file}' holds no training state.");
        if (position.Fingerprint != fingerprint)
        {
            throw new InvalidOperationException(
                $"The training state in '{name}' belongs to other rows, options or another checkpoint. Fit with the same ones to continue, or delete the folder to start anew.");
        }
        Fill(Path.Combine(name, WeightsFile), Weights);
        Fill(Path.Combine(name, OptimizerFile), optimizer.State);
        string bestFile = Path.Combine(name, BestFile);
        if (File.Exists(bestFile))
        {
            Fill(bestFile, best.Allocated().Select(item => (item.Key, item.Value)));
        }
        return position;
    }

    /// <summary>Removes all states, and the folder where nothing else is in it.</summary>
    public void Remove()
    {
        foreach (string state in States())
        {
            DeleteFolder(state);
        }
        if (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
        {
            Directory.Delete(folder);
        }
    }

    private static void Fill(string path, IEnumerable<(string Name, Tensor Tensor)> tensors)
    {
        using var noGradient = no_grad();
        using var source = SafetensorsFile.Open(path);
        foreach ((string name, Tensor tensor) in tensors)
        {
            source.CopyTo(name, tensor);
        }
    }

    private IEnumerable<string> States() => Directory.Exists(folder)
        ? Directory.EnumerateDirectories(folder, Prefix + "*").Where(path => !path.EndsWith(".unfinished", StringComparison.Ordinal))
        : [];

    private static void DeleteFolder(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }
}
