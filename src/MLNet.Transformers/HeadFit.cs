using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Nn;

namespace MLNet.Transformers;

/// <summary>Whether the head that a checkpoint has can serve a task. Looks at config.json and the names of tensors alone: no weight is read.</summary>
internal static class HeadFit
{
    /// <summary>Why the checkpoint's head cannot serve a request, as the end of a sentence; null where it can.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="source">Its tensors; null where the network is a fresh one.</param>
    /// <param name="request">What is needed.</param>
    /// <exception cref="NotSupportedException">The architecture has no such head.</exception>
    public static string? Misfit(Checkpoint checkpoint, ITensorSource? source, HeadRequest request)
    {
        ModelConfig config = checkpoint.Config;
        using TaskModel network = TaskModel.Create(config, request.Kind, Placement.Meta);
        if (source is null)
        {
            return "the network is a fresh one";
        }
        if (request.Source == HeadSource.New)
        {
            return "a new head was asked for";
        }
        if (IsOfAnotherClass(network) || MissingParts(network, source).Count > 0)
        {
            return "the checkpoint has none";
        }
        if (request.ProblemType is { } problem && config.ProblemType is { } trained && trained != problem)
        {
            return $"the checkpoint's head is for {trained}";
        }
        // Labels that share a name cannot be brought into another order.
        return request.Labels is not { } labels || config.Labels.SequenceEqual(labels)
            || (config.Labels.Count == labels.Count && config.Labels.ToHashSet() is var names && names.Count == labels.Count && names.SetEquals(labels))
            ? null
            : $"the checkpoint's head has the labels {Quote(config.Labels)}, the data has {Quote(labels)}";
    }

    /// <summary>Parameters of a network's head that a checkpoint lacks; none where the head is nothing but the token embedding.</summary>
    public static IReadOnlyList<string> MissingParts(TaskModel network, ITensorSource source)
    {
        var names = new StoredNames(network, source);
        return [.. network.HeadParameters.Select(item => item.Name).Where(name => names.Find(name) is null)];
    }

    // A classifier of tokens may have the names of one of sequences.
    private static bool IsOfAnotherClass(TaskModel network) =>
        network.LabelRows.Any() && network.Config.Architectures is { Count: > 0 } classes && !classes.Contains(network.ClassName);

    private static string Quote(IReadOnlyList<string> labels)
    {
        const int Shown = 8;
        string list = string.Join(", ", labels.Take(Shown).Select(label => $"'{label}'"));
        return labels.Count > Shown ? $"{list} and {labels.Count - Shown} more" : list;
    }
}
