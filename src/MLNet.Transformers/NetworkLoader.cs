using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Vectors;
using static TorchSharp.torch;
using static System.FormattableString;

namespace MLNet.Transformers;

/// <summary>Makes the network of a task from a checkpoint, and decides what becomes of a head that is already in it.</summary>
internal static class NetworkLoader
{
    /// <summary>The network with the head that is in the checkpoint; nothing may be missing.</summary>
    /// <param name="checkpoint">Where it is.</param>
    /// <param name="head">The head.</param>
    /// <param name="log">Takes what there is to say.</param>
    /// <param name="packing">As <see cref="CheckpointLoader.Load"/> takes it.</param>
    /// <exception cref="CheckpointException">The checkpoint has no such head, or its tensors do not fit its config.</exception>
    /// <exception cref="InvalidOperationException">The checkpoint has no weights.</exception>
    /// <exception cref="NotSupportedException">The architecture has no such head.</exception>
    public static TaskModel Apply(Checkpoint checkpoint, HeadKind head, Action<string> log, MatrixPacking packing = MatrixPacking.None)
    {
        using ITensorSource source = checkpoint.OpenWeights()
            ?? throw new InvalidOperationException("Fresh weights have nothing to apply; train them, or give a checkpoint folder.");
        if (checkpoint.BeginsAnew.Count > 0)
        {
            throw new InvalidOperationException(
                $"What begins as '{checkpoint.Name}' has fresh parts, which say nothing yet ({string.Join(", ", checkpoint.BeginsAnew.Take(2))} …): train it with {head.Advice()}.");
        }
        return Filled(TaskModel.Create(checkpoint.Config, head, Placement.Cpu), model =>
        {
            IReadOnlyList<string> missing = HeadFit.MissingParts(model, source);
            if (missing.Count > 0 && missing.Count == model.HeadParameters.Count())
            {
                throw new CheckpointException(
                    $"'{source.Path}' has no head for {head.Name()}: it lacks {string.Join(", ", missing)}. To have one, {head.Advice()}.");
            }
            Load(model, checkpoint, source, mayAdd: [], replace: [], seed: 0, log, packing);
            if (model.LabelRows.Any())
            {
                LogSharedNames(checkpoint, log);
            }
        });
    }

    /// <summary>The network with the head that a training needs: the checkpoint's where it serves, a fresh one otherwise.</summary>
    /// <exception cref="CheckpointException">The checkpoint's tensors do not fit its config.</exception>
    /// <exception cref="InvalidOperationException">As <see cref="CheckHead"/>.</exception>
    /// <exception cref="NotSupportedException">The architecture has no such head.</exception>
    public static TaskModel ForTraining(Checkpoint checkpoint, HeadRequest request, int seed, Action<string> log)
    {
        using ITensorSource? source = checkpoint.OpenWeights();
        string? misfit = HeadFit.Misfit(checkpoint, source, request);
        RefuseUnfit(checkpoint, request, misfit);
        ModelConfig config = checkpoint.Config with
        {
            Labels = request.Labels ?? checkpoint.Config.Labels,
            ProblemType = misfit is null ? checkpoint.Config.ProblemType ?? request.ProblemType : request.ProblemType,
        };
        return Filled(TaskModel.Create(config, request.Kind, Placement.Cpu), model =>
        {
            if (source is null)
            {
                Initialize(model, seed);
                log(Invariant($"{model.ClassName} with fresh weights, {model.ParameterCount:N0} parameters."));
                return;
            }
            if (request.Kind is not (HeadKind.None or HeadKind.Encoder))
            {
                log(Decision(checkpoint, model, request, misfit));
            }
            Load(model, checkpoint, source, [.. model.MayAdd, .. checkpoint.BeginsAnew], replace: misfit is null ? [] : model.Spec.Parts, seed, log);
            if (misfit is null && request.Labels is { } labels && !labels.SequenceEqual(checkpoint.Config.Labels))
            {
                Reorder(model, checkpoint.Config.Labels, labels);
            }
        });
    }

    /// <summary>Refuses to keep a head that does not serve. Reads config.json and the names of tensors alone, so that a trainer may ask before it reads a row.</summary>
    /// <exception cref="InvalidOperationException"><see cref="HeadSource.Keep"/> is asked for, but the checkpoint has no such head, or not for these labels.</exception>
    /// <exception cref="NotSupportedException">The architecture has no such head.</exception>
    public static void CheckHead(Checkpoint checkpoint, HeadRequest request)
    {
        using ITensorSource? source = checkpoint.OpenWeights();
        RefuseUnfit(checkpoint, request, HeadFit.Misfit(checkpoint, source, request));
    }

    private static void RefuseUnfit(Checkpoint checkpoint, HeadRequest request, string? misfit)
    {
        if (misfit is not null && request.Source == HeadSource.Keep)
        {
            throw new InvalidOperationException(
                $"Head is Keep, but {misfit} (checkpoint '{checkpoint.Name}', head for {request.Kind.Name()}). Use Auto or New.");
        }
    }

    private static string Decision(Checkpoint checkpoint, TaskModel model, HeadRequest request, string? misfit)
    {
        string head = $"head for {request.Kind.Name()}";
        string labels = request.Labels is null ? "" : misfit is null ? ": its labels are the data's" : $" with {request.Labels.Count} labels";
        return misfit is null ? $"The {head} of '{checkpoint.Name}' is kept{labels}."
            : model.HeadParameters.Any() ? $"The network gets a fresh {head}{labels}: {misfit}."
            : $"The {head} has no parameters but the token embedding, which stays.";
    }

    private static TaskModel Filled(TaskModel model, Action<TaskModel> fill)
    {
        try
        {
            fill(model);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static void Initialize(TaskModel model, int seed)
    {
        foreach ((string name, var parameter) in model.NamedParameters)
        {
            WeightInitializer.Initialize(name, parameter, model.Architecture.Fresh(name, model.Config), seed);
        }
    }

    private static void Load(
        TaskModel model, Checkpoint checkpoint, ITensorSource source, IReadOnlyList<string> mayAdd, IReadOnlyList<string> replace, int seed, Action<string> log,
        MatrixPacking packing = MatrixPacking.None)
    {
        foreach (string warning in checkpoint.Warnings)
        {
            log(warning);
        }
        LoadReport report = CheckpointLoader.Load(model, source, mayAdd, replace, seed, checkpoint.Strict, packing);
        LogNames("Initialised freshly", report.Added);
        LogNames("In the checkpoint but not used", report.Ignored);
        LogNames($"Unknown to {model.ClassName} and not used", report.Unexpected);

        void LogNames(string what, IReadOnlyList<string> names)
        {
            if (names.Count > 0)
            {
                log($"{what}: {NameList.Cut(names)}.");
            }
        }
    }

    // The reference's map from names to numbers keeps the last of such classes, so that the first are lost on whoever goes by it.
    private static void LogSharedNames(Checkpoint checkpoint, Action<string> log)
    {
        foreach (var shared in checkpoint.Config.Labels.Index().GroupBy(label => label.Item).Where(same => same.Skip(1).Any()))
        {
            log($"The classes {string.Join(", ", shared.Select(label => label.Index))} of '{checkpoint.Name}' have one name, '{shared.Key}' (id2label in config.json): by name they cannot be told apart.");
        }
    }

    // Rows of the head from the checkpoint's order of labels into the data's.
    private static void Reorder(TaskModel model, IReadOnlyList<string> from, IReadOnlyList<string> to)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Dictionary<string, int> rowOf = from.Select((label, row) => (label, row)).ToDictionary(item => item.label, item => item.row);
        Tensor order = tensor([.. to.Select(label => (long)rowOf[label])]);
        foreach ((_, var parameter) in model.LabelRows)
        {
            parameter.copy_(parameter.index_select(0, order));
        }
    }
}
