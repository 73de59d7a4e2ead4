using System.Text;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Models.Llama;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Benchmarks.Pretraining;

/// <summary>An objective with a small network that learns it.</summary>
/// <param name="Name">What it is called on the command line.</param>
/// <param name="Network">Makes the network, of a vocabulary that was trained on the text.</param>
/// <param name="Objective">What it learns.</param>
internal sealed record PretrainingRun(string Name, Func<TextEncoder, Checkpoint> Network, PretrainingObjective Objective)
{
    private const int Hidden = 128;
    private const int Layers = 2;
    private const int Heads = 4;
    private const int Positions = 128;
    private const int Sentinels = 100;

    public static IReadOnlyList<PretrainingRun> All { get; } =
    [
        new("masked", Bert, new MaskedLanguageModelObjective()),
        new("whole-words", Bert, new MaskedLanguageModelObjective { WholeWords = true }),
        new("next-sentence", Bert, new MaskedLanguageModelObjective { NextSentence = true }),
        new("causal", Llama, new CausalLanguageModelObjective()),
        new("causal-across", Llama, new CausalLanguageModelObjective { AttendsAcrossDocuments = true }),
        new("denoising", Bart, new DenoisingObjective()),
        new("span-corruption", T5, new SpanCorruptionObjective()),
        new("prefix", T5, new PrefixLanguageModelObjective()),
        new("deshuffling", T5, new DeshufflingObjective()),
        new("blank-infilling", Glm, new BlankInfillingObjective()),
    ];

    /// <summary>A vocabulary of the words of texts, with sentinels and the tokens of blanks.</summary>
    public static TextEncoder Vocabulary(IEnumerable<string> texts, int size) => WordPieceTrainer.Train(texts, size, new()
    {
        SpecialTokens = SpecialTokens.Bert with
        {
            Last = ["[sMASK]", "[gMASK]", "<|startofpiece|>", "<|endofpiece|>", .. Enumerable.Range(0, Sentinels).Select(number => $"<extra_id_{number}>")],
        },
    });

    private static Checkpoint Bert(TextEncoder tokenizer) => Checkpoint.FromConfig(
        new BertConfig
        {
            VocabularySize = tokenizer.MaxId + 1, HiddenSize = Hidden, Layers = Layers, Heads = Heads, IntermediateSize = 4 * Hidden, MaxPositions = Positions,
        },
        tokenizer);

    private static Checkpoint Llama(TextEncoder tokenizer) => Checkpoint.FromConfig(
        new LlamaConfig
        {
            VocabularySize = tokenizer.MaxId + 1, HiddenSize = Hidden, Layers = Layers, Heads = Heads, IntermediateSize = 3 * Hidden, MaxPositions = Positions, TiedEmbeddings = true,
        },
        tokenizer);

    private static Checkpoint Bart(TextEncoder tokenizer) => Fresh(tokenizer, $$"""
        {"model_type": "bart", "vocab_size": {{tokenizer.MaxId + 1}}, "d_model": {{Hidden}}, "encoder_layers": {{Layers}}, "decoder_layers": {{Layers}},
         "encoder_attention_heads": {{Heads}}, "decoder_attention_heads": {{Heads}}, "encoder_ffn_dim": {{4 * Hidden}}, "decoder_ffn_dim": {{4 * Hidden}},
         "max_position_embeddings": {{Positions}}, "pad_token_id": {{tokenizer.PadTokenId}}, "bos_token_id": {{tokenizer.ClassTokenId}},
         "eos_token_id": {{tokenizer.SeparatorTokenId}}, "decoder_start_token_id": {{tokenizer.SeparatorTokenId}}}
        """);

    private static Checkpoint T5(TextEncoder tokenizer) => Fresh(tokenizer, $$"""
        {"model_type": "t5", "vocab_size": {{tokenizer.MaxId + 1}}, "d_model": {{Hidden}}, "d_kv": {{Hidden / Heads}}, "d_ff": {{4 * Hidden}}, "num_layers": {{Layers}},
         "num_decoder_layers": {{Layers}}, "num_heads": {{Heads}}, "pad_token_id": {{tokenizer.PadTokenId}}, "eos_token_id": {{tokenizer.SeparatorTokenId}},
         "decoder_start_token_id": {{tokenizer.PadTokenId}}}
        """);

    private static Checkpoint Glm(TextEncoder tokenizer) => Fresh(tokenizer, $$"""
        {"model_type": "glm", "vocab_size": {{tokenizer.MaxId + 1}}, "hidden_size": {{Hidden}}, "num_layers": {{Layers}}, "num_attention_heads": {{Heads}},
         "max_sequence_length": {{Positions}}, "block_position_encoding": true, "pad_token_id": {{tokenizer.PadTokenId}}}
        """);

    private static Checkpoint Fresh(TextEncoder tokenizer, string config) =>
        Checkpoint.FromConfig(ModelConfig.Parse(Encoding.UTF8.GetBytes(config), "the config of the run"), tokenizer);
}
