using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Tests;

/// <summary>Networks that are trained in a second.</summary>
internal static class SampleNetworks
{
    public static readonly string[] Positive = ["a great film", "wonderful acting and great music", "i loved it", "great fun, wonderful", "loved the music"];
    public static readonly string[] Negative = ["a dull film", "terrible acting and boring music", "i hated it", "dull and boring", "hated the plot, terrible"];

    public static Checkpoint Tiny(int layers = 1)
    {
        TextEncoder tokenizer = WordPieceTrainer.Train([.. Positive, .. Negative, .. Positive, .. Negative], size: 120);
        var config = new BertConfig
        {
            VocabularySize = tokenizer.MaxId + 1, HiddenSize = 16, Layers = layers, Heads = 2, IntermediateSize = 32, MaxPositions = 24, HiddenDropout = 0, AttentionDropout = 0,
        };
        return Checkpoint.FromConfig(config, tokenizer);
    }
}
