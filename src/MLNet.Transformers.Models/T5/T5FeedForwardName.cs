using System.Text.Json.Nodes;
using MLNet.Transformers.Models.Nn;

namespace MLNet.Transformers.Models.T5;

/// <summary>
/// The kind of feed-forward part, which config.json says in one key, <c>feed_forward_proj</c>: an activation, or "gated-" and an activation. The
/// reference also writes what it makes of that (<c>dense_act_fn</c>, <c>is_gated_act</c>), and follows these where they are there.
/// </summary>
internal static class T5FeedForwardName
{
    private const string Key = "feed_forward_proj";
    private const string Gate = "gated-";

    // "gated-gelu" means the approximation by tanh, not "gelu" (configuration_t5.py: it was written so before the two had names).
    private const string GatedGelu = "gated-gelu";
    private const string GeluByTanh = "gelu_new";

    public static (string Activation, bool Gated) Read(ConfigJson json)
    {
        string name = json.Text(Key, "relu");
        bool gated = name.StartsWith(Gate, StringComparison.Ordinal);
        string activation = name == GatedGelu ? GeluByTanh : gated ? name[Gate.Length..] : name;
        if (!Activations.IsKnown(activation))
        {
            throw json.Wrong(Key, $"one of {Activations.Known}, or '{Gate}' before one of them");
        }
        string stated = json.Text("dense_act_fn", activation);
        return Activations.IsKnown(stated)
            ? (stated, json.Bool("is_gated_act", gated))
            : throw json.Wrong("dense_act_fn", $"one of {Activations.Known}");
    }

    public static void Write(JsonObject json, string activation, bool gated)
    {
        json[Key] = !gated ? activation : activation == GeluByTanh ? GatedGelu : Gate + activation;
        json["dense_act_fn"] = activation;
        json["is_gated_act"] = gated;
    }
}
