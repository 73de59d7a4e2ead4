using MLNet.Transformers.Models;
using Parameter = TorchSharp.Modules.Parameter;

namespace MLNet.Transformers.Training;

/// <summary>Decides which parameters of a network learn.</summary>
internal static class TrainedParameters
{
    /// <summary>Freezes what does not learn in a stage of training, and returns the parameters that are left.</summary>
    public static IReadOnlyList<(string Name, Parameter Parameter)> Of(TaskModel network, TrainingStage stage) =>
        stage.Learns is { } names ? Named(network, names) : Behind(network, stage.Options.FrozenStages);

    /// <summary>Freezes all parameters but those whose names begin with one of some, and returns these.</summary>
    public static IReadOnlyList<(string Name, Parameter Parameter)> Named(TaskModel network, IReadOnlyList<string> beginnings)
    {
        foreach ((string name, Parameter parameter) in network.NamedParameters)
        {
            parameter.requires_grad = beginnings.Any(beginning => name.StartsWith(beginning, StringComparison.Ordinal));
        }
        return Learning(network);
    }

    /// <summary>Freezes the first stages, counted from the input, and returns the parameters that are left.</summary>
    /// <param name="network">The network.</param>
    /// <param name="frozenStages">0 none, 1 the embeddings, 2 also the first layer, and so on.</param>
    public static IReadOnlyList<(string Name, Parameter Parameter)> Behind(TaskModel network, int frozenStages)
    {
        foreach (Parameter parameter in network.Backbone.Stages.Take(frozenStages).SelectMany(stage => stage.parameters()))
        {
            parameter.requires_grad = false;
        }
        return Learning(network);
    }

    /// <summary>Lets all parameters learn again.</summary>
    public static void Release(TaskModel network)
    {
        foreach ((_, Parameter parameter) in network.NamedParameters)
        {
            parameter.requires_grad = true;
        }
    }

    private static (string Name, Parameter Parameter)[] Learning(TaskModel network) => [.. network.NamedParameters.Where(item => item.Parameter.requires_grad)];
}
