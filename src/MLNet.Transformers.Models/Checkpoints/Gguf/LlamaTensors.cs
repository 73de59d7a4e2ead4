using System.Globalization;

namespace MLNet.Transformers.Models.Checkpoints.Gguf;

/// <summary>
/// What the tensors of a LLaMA are called in GGUF files, and what in the reference's checkpoints. GGUF files hold the rows of queries and keys in the
/// order of interleaved pairs (rotary positions as Su et al. write them); the reference's have each head's first members in front of the second ones.
/// </summary>
internal static class LlamaTensors
{
    public const string Embedding = "token_embd.weight";
    public const string Output = "output.weight";
    public const string RopeFactors = "rope_freqs.weight";
    public const string QueryBias = "blk.0.attn_q.bias";
    public const string GateBias = "blk.0.ffn_gate.bias";

    private const string Block = "blk.";

    private static readonly Dictionary<string, string> _outside = new()
    {
        ["token_embd"] = "model.embed_tokens", ["output_norm"] = "model.norm", ["output"] = "lm_head",
    };

    private static readonly Dictionary<string, (string Name, string? HeadsKey)> _inside = new()
    {
        ["attn_norm"] = ("input_layernorm", null),
        ["attn_q"] = ("self_attn.q_proj", GgufConfig.HeadsKey),
        ["attn_k"] = ("self_attn.k_proj", GgufConfig.KeyHeadsKey),
        ["attn_v"] = ("self_attn.v_proj", null),
        ["attn_output"] = ("self_attn.o_proj", null),
        ["ffn_norm"] = ("post_attention_layernorm", null),
        ["ffn_gate"] = ("mlp.gate_proj", null),
        ["ffn_up"] = ("mlp.up_proj", null),
        ["ffn_down"] = ("mlp.down_proj", null),
    };

    // Rotary frequencies, which follow from the config.
    private static readonly string[] _leftAside = ["rope_freqs", "attn_rot_embd"];

    /// <summary>The reference's name of a tensor, and the metadata with its number of heads where its rows are in another order; null: it is left aside.</summary>
    /// <exception cref="CheckpointException">The name is none of a LLaMA's.</exception>
    public static (string Name, string? HeadsKey)? Map(string name, string path)
    {
        string[] parts = name.Split('.');
        string part = parts.Length >= 2 ? parts[^2] : "";
        if (_leftAside.Contains(part))
        {
            return null;
        }
        bool inBlock = name.StartsWith(Block, StringComparison.Ordinal);
        if (parts[^1] is "weight" or "bias")
        {
            if (!inBlock && parts.Length == 2 && _outside.TryGetValue(part, out string? outside))
            {
                return ($"{outside}.{parts[^1]}", null);
            }
            if (inBlock && parts.Length == 4 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int layer)
                && _inside.TryGetValue(part, out (string Name, string? HeadsKey) inside))
            {
                return ($"model.layers.{layer}.{inside.Name}.{parts[^1]}", inside.HeadsKey);
            }
        }
        throw new CheckpointException($"'{path}' has the tensor '{name}', which is none of a LLaMA's.");
    }

    /// <summary>The row of the file for a row of the reference's order: within a head, member j of pair i lies at 2 i + j there and at j · (head / 2) + i here.</summary>
    public static Func<long, long> StoredRow(long headRows) => row =>
    {
        (long head, long within) = Math.DivRem(row, headRows);
        (long member, long pair) = Math.DivRem(within, headRows / 2);
        return head * headRows + 2 * pair + member;
    };
}
