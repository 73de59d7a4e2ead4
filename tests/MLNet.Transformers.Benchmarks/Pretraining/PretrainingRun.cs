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

    public static IReadOnlyList<PretrainingRun> All { get; } =
    [
        new("masked", Bert, new MaskedLanguageModelObjective()),
        new("whole-words", Bert, new MaskedLanguageModelObjective { WholeWords = true }),
        new("next-sentence", Bert, new MaskedLanguageModelObjective { NextSentence = true }),
        new("causal", Llama, new CausalLanguageModelObjective()),
        new("causal-across", Llama, new CausalLanguageModelObjective { AttendsAcrossDocuments = true }),
    ];

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
}
