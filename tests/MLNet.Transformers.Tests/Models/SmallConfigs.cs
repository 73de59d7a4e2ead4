namespace MLNet.Transformers.Tests.Models;

/// <summary>
/// The table behind all contract tests: a config.json for each architecture, and for each variant of one that has other parameters. A row is all that
/// a new architecture needs to have every head tested. Sizes are small and no two parts share one, so that a mix-up shows as an error; there are
/// four labels, dropout above 0, room for 19 tokens, and, where the architecture has them, ids of padding, start and end.
/// </summary>
internal static class SmallConfigs
{
    public static IReadOnlyDictionary<string, string> Rows { get; } = new Dictionary<string, string>
    {
        ["bert"] =
            """
            {"model_type": "bert", "vocab_size": 37, "hidden_size": 15, "num_hidden_layers": 2, "num_attention_heads": 3, "intermediate_size": 22,
             "hidden_act": "relu", "max_position_embeddings": 19, "type_vocab_size": 3, "layer_norm_eps": 1e-5, "initializer_range": 0.2,
             "id2label": {"0": "a", "1": "b", "2": "c", "3": "d"}}
            """,
        ["roberta"] =
            """
            {"model_type": "roberta", "vocab_size": 39, "hidden_size": 15, "num_hidden_layers": 2, "num_attention_heads": 3, "intermediate_size": 22,
             "hidden_act": "gelu", "max_position_embeddings": 22, "type_vocab_size": 1, "layer_norm_eps": 1e-5, "initializer_range": 0.2, "pad_token_id": 2,
             "bos_token_id": 0, "eos_token_id": 3, "classifier_dropout": 0.2, "id2label": {"0": "a", "1": "b", "2": "c", "3": "d"}}
            """,
        ["xlm-roberta"] =
            """
            {"model_type": "xlm-roberta", "vocab_size": 38, "hidden_size": 18, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 13,
             "hidden_act": "silu", "max_position_embeddings": 21, "type_vocab_size": 2, "initializer_range": 0.2, "tie_word_embeddings": false,
             "id2label": {"0": "a", "1": "b", "2": "c", "3": "d"}}
            """,
        ["bart"] =
            """
            {"model_type": "bart", "vocab_size": 42, "d_model": 15, "encoder_layers": 2, "decoder_layers": 3, "encoder_attention_heads": 3,
             "decoder_attention_heads": 5, "encoder_ffn_dim": 22, "decoder_ffn_dim": 17, "activation_function": "silu", "max_position_embeddings": 19,
             "scale_embedding": true, "activation_dropout": 0.1, "attention_dropout": 0.1, "classifier_dropout": 0.2, "init_std": 0.2, "pad_token_id": 1,
             "eos_token_id": 2, "decoder_start_token_id": 3, "id2label": {"0": "a", "1": "b", "2": "c", "3": "d"}}
            """,
        ["bart untied"] =
            """
            {"model_type": "bart", "vocab_size": 44, "d_model": 16, "encoder_layers": 2, "decoder_layers": 1, "encoder_attention_heads": 2,
             "decoder_attention_heads": 4, "encoder_ffn_dim": 13, "decoder_ffn_dim": 21, "max_position_embeddings": 19, "tie_word_embeddings": false,
             "init_std": 0.2, "id2label": {"0": "a", "1": "b", "2": "c", "3": "d"}}
            """,
        ["bart-translation"] =
            """
            {"model_type": "bart-translation", "vocab_size": 40, "d_model": 15, "encoder_layers": 2, "decoder_layers": 1, "encoder_attention_heads": 3,
             "decoder_attention_heads": 5, "encoder_ffn_dim": 22, "decoder_ffn_dim": 17, "max_position_embeddings": 21, "tie_word_embeddings": false,
             "init_std": 0.2, "pad_token_id": 1, "eos_token_id": 2, "decoder_start_token_id": 3, "id2label": {"0": "a", "1": "b", "2": "c", "3": "d"},
             "source_encoder": {"model_type": "bert", "vocab_size": 40, "hidden_size": 15, "num_hidden_layers": 2, "num_attention_heads": 5, "intermediate_size": 26,
              "max_position_embeddings": 19, "type_vocab_size": 1, "initializer_range": 0.2, "pad_token_id": 1}}
            """,
        ["encoder-decoder"] =
            """
            {"model_type": "encoder-decoder", "decoder_start_token_id": 4, "eos_token_id": 5, "pad_token_id": 0,
             "encoder": {"model_type": "bert", "vocab_size": 37, "hidden_size": 15, "num_hidden_layers": 2, "num_attention_heads": 3, "intermediate_size": 22,
              "hidden_act": "relu", "max_position_embeddings": 19, "type_vocab_size": 3, "initializer_range": 0.2},
             "decoder": {"model_type": "bert", "vocab_size": 37, "hidden_size": 12, "num_hidden_layers": 3, "num_attention_heads": 2, "intermediate_size": 17,
              "hidden_act": "gelu_new", "max_position_embeddings": 21, "is_decoder": true, "add_cross_attention": true, "initializer_range": 0.2},
             "id2label": {"0": "a", "1": "b", "2": "c", "3": "d"}}
            """,
        ["t5"] =
            """
            {"model_type": "t5", "vocab_size": 41, "d_model": 14, "d_kv": 5, "d_ff": 23, "num_layers": 2, "num_decoder_layers": 3, "num_heads": 3,
             "relative_attention_num_buckets": 7, "relative_attention_max_distance": 9, "initializer_factor": 0.5, "classifier_dropout": 0.2, "pad_token_id": 0,
             "eos_token_id": 1, "decoder_start_token_id": 2, "id2label": {"0": "a", "1": "b", "2": "c", "3": "d"}}
            """,
        ["t5 v1.1"] =
            """
            {"model_type": "t5", "vocab_size": 43, "d_model": 12, "d_kv": 4, "d_ff": 21, "num_layers": 3, "num_decoder_layers": 2, "num_heads": 5,
             "feed_forward_proj": "gated-gelu", "tie_word_embeddings": false, "initializer_factor": 0.5, "classifier_dropout": 0.2, "pad_token_id": 3, "eos_token_id": 1,
             "decoder_start_token_id": 3, "id2label": {"0": "a", "1": "b", "2": "c", "3": "d"}}
            """,
        ["llama"] = DecoderNetworks.Llama,
        ["llama tied"] = DecoderNetworks.Json(
            DecoderNetworks.Llama, ("tie_word_embeddings", "true"), ("attention_bias", "false"), ("mlp_bias", "false"), ("num_key_value_heads", "3"), ("pad_token_id", null)),
        ["glm"] = DecoderNetworks.Glm,
        ["glm4"] = DecoderNetworks.Glm4,
        ["glm of 2022"] = DecoderNetworks.Glm2022,
        ["glm of 2022 without blocks"] = DecoderNetworks.Json(
            DecoderNetworks.Glm2022, ("block_position_encoding", "false"), ("attention_scale", "8.0"), ("classifier_dropout", "0.2")),
        ["chatglm-6b"] = DecoderNetworks.ChatGlm6B,
        ["chatglm2"] = DecoderNetworks.ChatGlm,
        ["chatglm2 otherwise"] = DecoderNetworks.Json(
            DecoderNetworks.ChatGlm, ("multi_query_attention", "false"), ("rmsnorm", "false"), ("add_bias_linear", "true"), ("add_qkv_bias", "false"),
            ("apply_residual_connection_post_layernorm", "true"), ("post_layer_norm", "false"), ("rope_ratio", "5")),
    };
}
