using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Benchmarks.Throughput;

/// <summary>MiniLM over SST-2 dev, and a network of BERT-base's shape over 1,000 texts, beside ONNX Runtime.</summary>
internal static class PeerComparison
{
    private const int MaxTokens = 128;

    public static void Run(string shared, string scratch, int rounds, IReadOnlyList<string> names)
    {
        string miniLm = Path.Combine(shared, "weights", "all-MiniLM-L6-v2");
        Checkpoint checkpoint = miniLm;
        if (names.Count == 0 || names.Contains("minilm"))
        {
            string[] texts = [.. Texts(shared, "dev.tsv")];
            using var ours = new OurPipeline(checkpoint, MaxTokens, Precision.Float32);
            Console.WriteLine(FormattableString.Invariant($"batched and single scores differ by at most {ours.Difference(texts):E1}"));
            using var brief = new OurPipeline(checkpoint, MaxTokens, Precision.BFloat16);
            using var plain = new OnnxRuntimePeer(Path.Combine(miniLm, "model.onnx"), checkpoint.Tokenizer, MaxTokens, sorted: false);
            using var sorted = new OnnxRuntimePeer(Path.Combine(miniLm, "model.onnx"), checkpoint.Tokenizer, MaxTokens, sorted: true);
            Race.Run("MiniLM over SST-2 dev", [ours, brief, plain, sorted], texts, rounds);
        }
        if (names.Count == 0 || names.Contains("bert-base"))
        {
            string[] texts = [.. Texts(shared, "train.tsv").Take(1000)];
            Checkpoint large = Checkpoint.FromConfig(new BertConfig(), checkpoint.Tokenizer);
            TextEncoder tokenizer = checkpoint.Tokenizer;
            string peers = Path.Combine(shared, "peers");
            using var ours = new OurPipeline(large, MaxTokens, Precision.Float32);
            using var brief = new OurPipeline(large, MaxTokens, Precision.BFloat16);
            using var full = new OnnxRuntimePeer(PeerWeights.Make(peers, "bert-base-fp32", scratch), tokenizer, MaxTokens, sorted: true);
            using var small = new OnnxRuntimePeer(PeerWeights.Make(peers, "bert-base-int8", scratch), tokenizer, MaxTokens, sorted: true);
            Race.Run("BERT-base's shape", [ours, brief, full, small], texts, rounds);
        }
    }

    /// <summary>The sentences of a file of SST-2.</summary>
    public static IEnumerable<string> Texts(string shared, string file) =>
        File.ReadLines(Path.Combine(shared, "data", "sst2-sentences", file)).Where(line => line.Length > 0).Select(line => line.Split('\t')[0]);
}
