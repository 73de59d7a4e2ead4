using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Nn;
using static TorchSharp.torch;

namespace MLNet.Transformers;

/// <summary>Makes the network of a task from a checkpoint, and decides what becomes of a head that is already in it.</summary>
internal static class NetworkLoader
{
    /// <summary>The network with the head that is in the checkpoint; nothing may be missing.</summary>
    public static TaskModel Apply(Checkpoint checkpoint, HeadKind head, Action<string> log)
    {
        using ITensorSource source = checkpoint.OpenWeights()
            ?? throw new InvalidOperationException($"Fresh weights have nothing to apply; train them, or give a checkpoint folder.");
        TaskModel model = TaskModel.Create(checkpoint.Config.CompletedBy(source), head, Placement.Cpu);
        try
        {
            Load(model, source, mayAdd: [], replace: [], seed: 0, log);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>The network with a head for these labels, from the checkpoint where it has one for the same labels.</summary>
    /// <exception cref="InvalidOperationException"><see cref="HeadSource.Keep"/> is asked for, but the checkpoint's head does not fit.</exception>
    public static TaskModel ForLabels(
        Checkpoint checkpoint, HeadKind head, IReadOnlyList<string> labels, HeadSource choice, int seed, Action<string> log)
    {
        using ITensorSource? source = checkpoint.OpenWeights();
        ModelConfig config = checkpoint.Config with { Labels = labels, ProblemType = null };
        TaskModel model = TaskModel.Create(source is null ? config : config.CompletedBy(source), head, Placement.Cpu);
        try
        {
            Fill(model, checkpoint, source, choice, seed, log);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static void Fill(TaskModel model, Checkpoint checkpoint, ITensorSource? source, HeadSource choice, int seed, Action<string> log)
    {
        IReadOnlyList<string> labels = model.Config.Labels;
        string? misfit = source is null ? "the network is a fresh one"
            : choice == HeadSource.New ? "a new head was asked for"
            : Misfit(checkpoint.Config, source, model, labels);
        if (misfit is not null && choice == HeadSource.Keep)
        {
            throw new InvalidOperationException($"Head is Keep, but {misfit} (checkpoint '{checkpoint.Name}'). Use Auto or New.");
        }
        if (source is null)
        {
            foreach ((string name, var parameter) in model.NamedParameters)
            {
                WeightInitializer.Initialize(name, parameter, model.Architecture.Fresh(name, model.Config), seed);
            }
            log($"{model.ClassName} with fresh weights, {model.ParameterCount:N0} parameters.");
            return;
        }
        log(misfit is null
            ? $"The classification head of '{checkpoint.Name}' is kept: its labels are the key's values."
            : $"The network gets a fresh classification head with {labels.Count} labels: {misfit}.");
        Load(model, source, model.MayAdd, misfit is null ? [] : model.Spec.Parts, seed, log);
        if (misfit is null)
        {
            Reorder(model, checkpoint.Config.Labels, labels);
        }
    }

    private static void Load(
        TaskModel model, ITensorSource source, IReadOnlyList<string> mayAdd, IReadOnlyList<string> replace, int seed, Action<string> log)
    {
        LoadReport report = CheckpointLoader.Load(model, source, mayAdd, replace, seed);
        Say("Initialised freshly", report.Added);
        Say("In the checkpoint but not used", report.Ignored);

        void Say(string what, IReadOnlyList<string> names)
        {
            if (names.Count > 0)
            {
                log($"{what}: {string.Join(", ", names)}.");
            }
        }
    }

    // Why the checkpoint's head cannot serve these labels; null where it can.
    private static string? Misfit(ModelConfig config, ITensorSource source, TaskModel model, IReadOnlyList<string> labels)
    {
        bool otherClass = config.Architectures.Count > 0 && !config.Architectures.Contains(model.ClassName);
        if (otherClass || !model.LabelRows.All(item => source.Names.Contains(item.Name)))
        {
            return "the checkpoint has none";
        }
        if (config.ProblemType is not (null or "single_label_classification"))
        {
            return $"the checkpoint's head is for {config.ProblemType}";
        }
        return config.Labels.ToHashSet().SetEquals(labels) && config.Labels.Count == labels.Count
            ? null
            : $"the checkpoint's head has the labels {Quote(config.Labels)}, the key has {Quote(labels)}";
    }

    // Rows of the head from the checkpoint's order of labels into the key's.
    private static void Reorder(TaskModel model, IReadOnlyList<string> from, IReadOnlyList<string> to)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Dictionary<string, int> rowOf = from.Select((label, row) => (label, row)).ToDictionary(item => item.label, item => item.row);
        Tensor order = tensor([.. to.Select(label => (long)rowOf[label])]);
        foreach ((string name, var parameter) in model.LabelRows)
        {
            parameter.copy_(parameter.index_select(0, order));
        }
    }

    private static string Quote(IReadOnlyList<string> labels)
    {
        const int Shown = 8;
        string list = string.Join(", ", labels.Take(Shown).Select(label => $"'{label}'"));
        return labels.Count > Shown ? $"{list} and {labels.Count - Shown} more" : list;
    }
}
