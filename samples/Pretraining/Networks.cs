using MLNet.Transformers;
using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Models.Llama;
using MLNet.Transformers.Tokenization;

namespace Pretraining;

/// <summary>The two small networks of samples/weights, each at most 5 MB, before they have learnt anything.</summary>
internal static class Networks
{
    public const string Llama = "llama";
    public const string Bert = "bert";

    /// <summary>Fresh weights, and a vocabulary of the texts, which keeps capitals.</summary>
    /// <param name="network">Which.</param>
    /// <param name="texts">What the vocabulary is made of.</param>
    /// <param name="vocabulary">Its most pieces.</param>
    /// <param name="positions">Most tokens that it reads at once.</param>
    public static Checkpoint Fresh(string network, IEnumerable<string> texts, int vocabulary, int positions)
    {
        if (network == Bert)
        {
            TextEncoder pieces = WordPieceTrainer.Train(texts, vocabulary, new() { Lowercase = false });
            // BERT's 0.02 is for a width of 768: in so narrow a network layers would add next to nothing, and learning would begin late.
            return Checkpoint.FromConfig(
                new BertConfig
                {
                    VocabularySize = pieces.MaxId + 1, HiddenSize = 128, Layers = 3, Heads = 4, IntermediateSize = 512, MaxPositions = positions, InitializerRange = 0.06,
                },
                pieces);
        }
        TextEncoder tokenizer = ByteLevelBpeTrainer.Train(texts, vocabulary, new() { SpecialTokens = SpecialTokens.Llama });
        return Checkpoint.FromConfig(
            new LlamaConfig
            {
                VocabularySize = tokenizer.MaxId + 1, HiddenSize = 128, Layers = 3, Heads = 4, IntermediateSize = 384, MaxPositions = positions, TiedEmbeddings = true,
                PadTokenId = tokenizer.PadTokenId,
            },
            tokenizer);
    }

    /// <summary>The perplexity of texts by how often each token occurs in others, with one more occurrence for each: what a network has to be better than.</summary>
    public static double UnigramPerplexity(TextEncoder tokenizer, IEnumerable<string> training, IEnumerable<string> heldOut)
    {
        var counts = new double[tokenizer.MaxId + 1];
        Array.Fill(counts, 1);
        foreach (int id in training.SelectMany(Ids))
        {
            counts[id]++;
        }
        double total = counts.Sum();
        return Math.Exp(heldOut.SelectMany(Ids).Average(id => -Math.Log(counts[id] / total)));

        int[] Ids(string text) => tokenizer.Encode(text, null, new EncodeOptions { AddSpecialTokens = false }).Ids;
    }
}
