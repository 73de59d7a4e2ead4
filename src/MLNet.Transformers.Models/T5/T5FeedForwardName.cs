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

    public static (string Activation, bool Gated) Exchange(ConfigKeys keys, string activation, bool gated)
    {
        string name = keys.Text(Key, !gated ? activation : activation == GeluByTanh ? GatedGelu : Gate + activation);
        bool named = name.StartsWith(Gate, StringComparison.Ordinal);
        string meant = name == GatedGelu ? GeluByTanh : named ? name[Gate.Length..] : name;
        keys.Require(Activations.IsKnown(meant), Key, $"one of {Activations.Known}, or '{Gate}' before one of them");
        return (keys.Activation("dense_act_fn", keys.Writes ? activation : meant), keys.Flag("is_gated_act", keys.Writes ? gated : named));
    }
}
