using MLNet.Transformers.Models;
using Parameter = TorchSharp.Modules.Parameter;

namespace MLNet.Transformers.Training;

/// <summary>Decides which parameters of a network learn.</summary>
internal static class TrainedParameters
{
    /// <summary>Freezes the first stages, counted from the input, and returns the parameters that are left.</summary>
    /// <param name="network">The network.</param>
    /// <param name="frozenStages">0 none, 1 the embeddings, 2 also the first layer, and so on.</param>
    public static IReadOnlyList<(string Name, Parameter Parameter)> Behind(TaskModel network, int frozenStages)
    {
        foreach (Parameter parameter in network.Backbone.Stages.Take(frozenStages).SelectMany(stage => stage.parameters()))
        {
            parameter.requires_grad = false;
        }
        return [.. network.NamedParameters.Where(item => item.Parameter.requires_grad)];
    }

    /// <summary>Lets all parameters learn again.</summary>
    public static void Release(TaskModel network)
    {
        foreach ((_, Parameter parameter) in network.NamedParameters)
        {
            parameter.requires_grad = true;
        }
    }
}
