using System.Globalization;
using System.Text.Json;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Glm.ChatGlm1;
using MLNet.Transformers.Models.Glm.ChatGlm2;
using MLNet.Transformers.Models.Glm.Glm2022;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Parity.Models;

/// <summary>Norms of each layer's hidden states beside the reference's, which also finds the first layer that differs.</summary>
internal static class HiddenStatesParity
{
    private const double Tolerance = 1e-4;
    private const double HalfTolerance = 2e-2;

    /// <param name="item">The case, with <c>hidden_states_l2</c>.</param>
    /// <param name="name">Its name.</param>
    /// <param name="model">The network.</param>
    /// <param name="batch">What the case gives it.</param>
    /// <param name="report">Gets a row for each stack of layers.</param>
    public static void Check(JsonElement item, string name, TaskModel model, TokenBatch batch, Report report)
    {
        // The golden's figures of the GLM of 2022 are not those of its inputs: the first is not the norm of the sum of its embeddings.
        if (model.Config is Glm2022Config)
        {
            return;
        }
        // THUDM's classes count padding, too, and give the last layer's vectors before the last normalisation, which ours does not.
        bool published = model.Config is ChatGlm1Config or ChatGlm2Config;
        using var states = HiddenStates.Of(model, batch);
        foreach (JsonProperty stack in item.Properties("hidden_states_l2"))
        {
            bool source = stack.Name == "encoder_hidden_states", target = stack.Name == "decoder_hidden_states";
            double[] theirs = [.. stack.Value.EnumerateArray().Select(value => value.GetDouble())];
            double[] ours = [.. (source ? states.SourceLayers : states.Layers).Select(state => Norm(state, published || target ? null : batch.Mask))];
            report.Equal($"{name}: number of {stack.Name}", ours.Length, theirs.Length);
            int compared = published ? theirs.Length - 1 : theirs.Length;
            double difference = ours.Zip(theirs).Take(compared).Max(pair => Math.Abs(pair.First - pair.Second) / pair.Second);
            double tolerance = model.ComputeType == ScalarType.Float32 ? Tolerance : HalfTolerance;
            report.Within($"{name}: norms of {stack.Name}", difference, tolerance);
            if (difference > tolerance)
            {
                Console.Error.WriteLine($"{name}: norms of {stack.Name} {Text(ours)}; the reference's {Text(theirs)}");
            }
        }
    }

    private static string Text(double[] norms) => string.Join(' ', norms.Select(norm => norm.ToString("G6", CultureInfo.InvariantCulture)));

    private static double Norm(Tensor state, Tensor? mask)
    {
        using var scope = NewDisposeScope();
        bool masked = mask is not null && mask.dim() == 2 && mask.shape[1] == state.shape[1];
        Tensor counted = masked ? state * mask!.ne(0).unsqueeze(2) : state;
        return counted.detach().to(ScalarType.Float64).norm().item<double>();
    }
}
