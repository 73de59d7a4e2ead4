using MLNet.Transformers.Models;
using MLNet.Transformers.Pretraining;
using MLNet.Transformers.Tests.Models;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Tests.Pretraining;

/// <summary>What objectives are made for in tests: networks of <see cref="SmallConfigs"/>, which know 37 tokens at least.</summary>
internal static class ObjectiveNetworks
{
    public const int Tokens = 37;
    public const int Mask = 3;

    public static readonly (int Id, string Token)[] Named =
    [
        (0, "[PAD]"), (1, "[CLS]"), (2, "[SEP]"), (Mask, "[MASK]"), (4, "[sMASK]"), (5, "[gMASK]"), (6, "<|startofpiece|>"), (7, "<|endofpiece|>"),
        (36, "<extra_id_0>"), (35, "<extra_id_1>"), (34, "<extra_id_2>"), (33, "<extra_id_3>"),
    ];

    /// <summary>Rows of <see cref="SmallConfigs"/> that have a head.</summary>
    public static IEnumerable<string> With(HeadKind head) =>
        SmallConfigs.Rows.Keys.Where(row => ArchitectureRegistry.Of(Networks.Config(row)).Heads.Any(spec => spec.Kind == head));

    public static ObjectiveContext Context(string row, PretrainingObjective objective, TextEncoder? tokenizer = null, int maxTokens = 18)
    {
        ModelConfig config = Networks.Config(row);
        return new ObjectiveContext(
            tokenizer ?? NumberedTokens.Of(Tokens, "[CLS] $ [SEP]", Named), config, ArchitectureRegistry.Of(config).Head(objective.Head), maxTokens);
    }

    public static ITextObjective Create(string row, PretrainingObjective objective, TextEncoder? tokenizer = null, int maxTokens = 18) =>
        objective.Checked().Create(Context(row, objective, tokenizer, maxTokens));

    /// <summary>A text of a number of tokens, in sentences of four.</summary>
    public static TextBlock Block(int tokens, int first = 8) => TextBlock.Of(
        [.. Enumerable.Range(0, tokens).Select(i => 8 + (first + i * 7) % 24)], [.. Enumerable.Range(1, (tokens - 1) / 4).Select(sentence => sentence * 4), tokens]);
}
