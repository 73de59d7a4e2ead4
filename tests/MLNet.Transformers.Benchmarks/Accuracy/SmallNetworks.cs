using System.Text;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Benchmarks.Accuracy;

/// <summary>Networks with fresh weights, four layers of width 256, as the reference's figures from scratch were made with.</summary>
internal static class SmallNetworks
{
    public static Checkpoint Bert(RunSettings settings) => Bert(TextEncoder.FromFolder(settings.MiniLm));

    public static Checkpoint ChineseBert(RunSettings settings) => Bert(Tokenizer(settings, "vocab", "bert-base-chinese"));

    public static Checkpoint Bart(RunSettings settings) => Fresh(
        Tokenizer(settings, "vocab", "roberta-bart"),
        """
        {"model_type": "bart", "vocab_size": 50265, "d_model": 256, "encoder_layers": 4, "decoder_layers": 4, "encoder_attention_heads": 4,
         "decoder_attention_heads": 4, "encoder_ffn_dim": 1024, "decoder_ffn_dim": 1024, "max_position_embeddings": 128}
        """);

    public static Checkpoint T5(RunSettings settings) => Fresh(
        Tokenizer(settings, "vocab", "t5"),
        """
        {"model_type": "t5", "vocab_size": 32128, "d_model": 256, "d_kv": 64, "d_ff": 1024, "num_layers": 4, "num_decoder_layers": 4, "num_heads": 4,
         "decoder_start_token_id": 0, "tie_word_embeddings": true}
        """);

    public static Checkpoint Llama(RunSettings settings) => Fresh(
        Tokenizer(settings, "SmolLM2-135M-Instruct"),
        """
        {"model_type": "llama", "vocab_size": 49152, "hidden_size": 256, "intermediate_size": 1024, "num_hidden_layers": 4, "num_attention_heads": 4,
         "num_key_value_heads": 2, "max_position_embeddings": 128, "pad_token_id": 2, "bos_token_id": 1, "eos_token_id": 2, "tie_word_embeddings": true}
        """);

    public static Checkpoint Glm(RunSettings settings) => Fresh(
        Tokenizer(settings, "SmolLM2-135M-Instruct"),
        """
        {"model_type": "glm", "vocab_size": 49152, "hidden_size": 256, "intermediate_size": 1024, "num_hidden_layers": 4, "num_attention_heads": 4,
         "num_key_value_heads": 2, "head_dim": 64, "max_position_embeddings": 128, "pad_token_id": 2, "bos_token_id": 1, "eos_token_id": 2,
         "tie_word_embeddings": true}
        """);

    public static Checkpoint Bert(TextEncoder tokenizer) => Checkpoint.FromConfig(
        new BertConfig { VocabularySize = tokenizer.MaxId + 1, HiddenSize = 256, Layers = 4, Heads = 4, IntermediateSize = 1024 }, tokenizer);

    private static Checkpoint Fresh(TextEncoder tokenizer, string config) =>
        Checkpoint.FromConfig(ModelConfig.Parse(Encoding.UTF8.GetBytes(config), "the config of the run"), tokenizer);

    private static TextEncoder Tokenizer(RunSettings settings, params string[] folder) =>
        TextEncoder.FromFolder(Path.Combine([settings.Shared, "weights", .. folder]));
}
