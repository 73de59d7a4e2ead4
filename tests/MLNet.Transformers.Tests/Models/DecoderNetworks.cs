using System.Text;
using System.Text.Json.Nodes;
using MLNet.Transformers.Models;

namespace MLNet.Transformers.Tests.Models;

/// <summary>Small decoders of sizes that no two parts share.</summary>
internal static class DecoderNetworks
{
    public const string Llama =
        """
        {"model_type": "llama", "vocab_size": 37, "hidden_size": 18, "num_hidden_layers": 2, "num_attention_heads": 3, "num_key_value_heads": 1, "head_dim": 8,
         "intermediate_size": 22, "max_position_embeddings": 19, "pad_token_id": 0, "attention_dropout": 0.1, "attention_bias": true, "mlp_bias": true,
         "rope_theta": 500, "initializer_range": 0.2, "id2label": {"0": "a", "1": "b", "2": "c", "3": "d"}}
        """;

    public const string Glm =
        """
        {"model_type": "glm", "vocab_size": 37, "hidden_size": 20, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 6,
         "intermediate_size": 23, "max_position_embeddings": 19, "pad_token_id": 0, "attention_dropout": 0.1, "hidden_act": "gelu",
         "initializer_range": 0.2, "id2label": {"0": "a", "1": "b", "2": "c", "3": "d"}}
        """;

    public const string Glm4 =
        """
        {"model_type": "glm4", "vocab_size": 37, "hidden_size": 20, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 8,
         "intermediate_size": 23, "max_position_embeddings": 19, "pad_token_id": 0, "attention_dropout": 0.1, "attention_bias": false,
         "initializer_range": 0.2, "id2label": {"0": "a", "1": "b", "2": "c", "3": "d"}}
        """;

    public const string Glm2022 =
        """
        {"model_type": "glm", "vocab_size": 37, "hidden_size": 20, "num_layers": 2, "num_attention_heads": 5, "max_sequence_length": 19,
         "block_position_encoding": true, "attention_scale": 1.0, "pad_token_id": 0, "initializer_range": 0.2,
         "id2label": {"0": "a", "1": "b", "2": "c", "3": "d"}}
        """;

    public const string ChatGlm6B =
        """
        {"model_type": "chatglm", "vocab_size": 37, "hidden_size": 24, "num_layers": 2, "num_attention_heads": 3, "inner_hidden_size": 22,
         "max_sequence_length": 19, "position_encoding_2d": true, "bos_token_id": 4, "mask_token_id": 5, "gmask_token_id": 6, "pad_token_id": 0,
         "initializer_range": 0.2, "id2label": {"0": "a", "1": "b", "2": "c", "3": "d"}}
        """;

    public const string ChatGlm =
        """
        {"model_type": "chatglm", "padded_vocab_size": 37, "hidden_size": 20, "num_layers": 2, "num_attention_heads": 4, "multi_query_attention": true,
         "multi_query_group_num": 2, "kv_channels": 6, "ffn_hidden_size": 23, "seq_length": 19, "add_qkv_bias": true, "attention_dropout": 0.1,
         "hidden_dropout": 0.1, "pad_token_id": 0, "initializer_range": 0.2, "id2label": {"0": "a", "1": "b", "2": "c", "3": "d"}}
        """;

    /// <summary>A config.json with changed keys; null removes one, <see cref="Null"/> writes null.</summary>
    public static string Json(string row, params (string Key, string? Value)[] changes)
    {
        JsonObject json = JsonNode.Parse(row)!.AsObject();
        foreach ((string key, string? value) in changes)
        {
            json.Remove(key);
            if (value is not null)
            {
                json[key] = JsonNode.Parse(value);
            }
        }
        return json.ToJsonString();
    }

    public const string Null = "null";

    public static ModelConfig Parse(string json) => ModelConfig.Parse(Encoding.UTF8.GetBytes(json), "some/config.json");

    public static string Refused(string json) => Assert.Throws<CheckpointException>(() => Parse(json)).Message;
}
