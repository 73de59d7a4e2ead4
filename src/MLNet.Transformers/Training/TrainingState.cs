using System.Globalization;
using System.Text.Json;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Checkpoints.Safetensors;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace MLNet.Transformers.Training;

/// <summary>
/// The state of one training in its own folder below <see cref="TrainingOptions.StateFolder"/>: one subfolder a writing, complete before it gets its
/// name, so that a run that is killed while it writes still finds the one before.
/// </summary>
internal sealed class TrainingState
{
    private const string Prefix = "step-";
    private const string Unfinished = ".unfinished";
    private const string PositionFile = "position.json";
    private const string WeightsFile = "model.safetensors";
    private const string OptimizerFile = "optimizer.safetensors";
    private const string BestFile = "best.safetensors";

    private static readonly JsonSerializerOptions _json = new() { WriteIndented = true };

    private readonly StateFolder _folder;
    private readonly string _fingerprint;
    private readonly string _path;
    private readonly IReadOnlyList<(string Name, Parameter Parameter)> _trained;
    private readonly AdamW _optimizer;
    private readonly BestWeights _best;

    public TrainingState(
        string folder, string fingerprint, IReadOnlyList<(string Name, Parameter Parameter)> trained, AdamW optimizer, BestWeights best)
    {
        (_folder, _fingerprint, _trained, _optimizer, _best) = (new StateFolder(folder), fingerprint, trained, optimizer, best);
        _path = _folder.Of(fingerprint);
    }

    private IEnumerable<(string Name, Tensor Tensor)> Weights => _trained.Select(item => (item.Name, (Tensor)item.Parameter));

    public void Write(TrainingPosition position)
    {
        Directory.CreateDirectory(_path);
        string name = Path.Combine(_path, Prefix + position.Step.ToString("D9", CultureInfo.InvariantCulture));
        string unfinished = name + Unfinished;
        StateFolder.Delete(unfinished);
        Directory.CreateDirectory(unfinished);
        SafetensorsWriter.Write(Path.Combine(unfinished, WeightsFile), Weights);
        SafetensorsWriter.Write(Path.Combine(unfinished, OptimizerFile), _optimizer.State);
        if (_best.Any)
        {
            SafetensorsWriter.Write(Path.Combine(unfinished, BestFile), _best.Tensors);
        }
        File.WriteAllText(Path.Combine(unfinished, PositionFile), JsonSerializer.Serialize(position, _json));
        FileDigests.Write(unfinished);
        StateFolder.Delete(name);
        Directory.Move(unfinished, name);
        foreach (string older in Folders().Where(folder => folder != name))
        {
            StateFolder.Delete(older);
        }
    }

    /// <summary>Reads the latest state back, or returns null where there is none.</summary>
    /// <param name="log">Told where the folder holds states of other trainings only.</param>
    /// <exception cref="InvalidDataException">The state is damaged.</exception>
    public TrainingPosition? Read(Action<string> log)
    {
        string? latest = Folders().Where(folder => !folder.EndsWith(Unfinished, StringComparison.Ordinal)).Max();
        foreach (string left in Folders().Where(folder => folder != latest))
        {
            StateFolder.Delete(left);
        }
        if (latest is null)
        {
            if (_folder.Others(_fingerprint) is > 0 and var others)
            {
                log($"'{_folder.Path}' holds the state of {others} other training{(others == 1 ? "" : "s")}: of other rows, options, another seed or another checkpoint. This one begins anew.");
            }
            return null;
        }
        try
        {
            FileDigests.Check(latest);
            TrainingPosition position = JsonSerializer.Deserialize<TrainingPosition>(File.ReadAllText(Path.Combine(latest, PositionFile)))!;
            Fill(Path.Combine(latest, WeightsFile), Weights);
            Fill(Path.Combine(latest, OptimizerFile), _optimizer.State);
            if (File.Exists(Path.Combine(latest, BestFile)))
            {
                Fill(Path.Combine(latest, BestFile), _best.Allocated().Select(item => (item.Key, item.Value)));
            }
            return position;
        }
        catch (Exception error) when (error is CheckpointException or InvalidDataException or IOException)
        {
            throw new InvalidDataException($"The training state in '{latest}' is damaged: {error.Message.TrimEnd('.')}. Delete '{latest}' to begin anew.", error);
        }
    }

    /// <summary>Removes the state, and the folder where no other training's is in it.</summary>
    public void Remove() => _folder.Remove(_fingerprint);

    private static void Fill(string path, IEnumerable<(string Name, Tensor Tensor)> tensors)
    {
        using var noGradient = no_grad();
        using var source = SafetensorsFile.Open(path);
        foreach ((string name, Tensor tensor) in tensors)
        {
            source.CopyTo(name, tensor);
        }
    }

    private string[] Folders() => Directory.Exists(_path) ? Directory.GetDirectories(_path, Prefix + "*") : [];
}
