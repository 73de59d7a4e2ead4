using System.Globalization;
using System.Text.Json;
using MLNet.Transformers.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Parity.Models;

/// <summary>Norms of each layer's hidden states beside the reference's, to find the first layer that differs. Printed beside the table, never counted.</summary>
internal static class HiddenStates
{
    /// <param name="item">The case, with <c>hidden_states_l2</c>.</param>
    /// <param name="name">Its name.</param>
    /// <param name="model">The network.</param>
    /// <param name="batch">What the case gives it.</param>
    public static void Print(JsonElement item, string name, TaskModel model, TokenBatch batch)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        List<Tensor> states = [];
        BackboneOutput output = model.Backbone.forward(
            batch with { HiddenStates = states, Target = batch.Target is { } target ? target with { HiddenStates = states } : null });
        IEnumerable<string> ours = states.Append(output.Tokens).Select(state => Text(Norm(state, batch)));
        IEnumerable<string> theirs = item.Properties("hidden_states_l2").SelectMany(part => part.Value.EnumerateArray()).Select(value => Text(value.GetDouble()));
        Console.Error.WriteLine($"{name}: norms of hidden states {string.Join(' ', ours)}; the reference's {string.Join(' ', theirs)}");
    }

    // Padding is left out, as the reference's figures do.
    private static double Norm(Tensor state, TokenBatch batch)
    {
        using var scope = NewDisposeScope();
        bool masked = batch.Mask is { } mask && mask.dim() == 2 && mask.shape[1] == state.shape[1];
        Tensor counted = masked ? state * batch.Mask!.ne(0).unsqueeze(2) : state;
        return counted.detach().to(ScalarType.Float64).norm().item<double>();
    }

    private static string Text(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
}
