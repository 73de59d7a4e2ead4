using System.Text.Json;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Batching;
using MLNet.Transformers.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Parity.References;

/// <summary>Checks a trained sentence encoder: ids, hidden states, pooler, embeddings and cosines, each sentence alone and all in one padded batch.</summary>
internal sealed class SentenceEncoderParity(string folder, Report report)
{
    private const double Elements = 1e-5;
    private const double RelativeNorm = 1e-5;

    private static readonly HashSet<string> _fields = ["versions", "note", "sentences", "cosine"];

    private static readonly HashSet<string> _sentenceFields =
        ["text", "ids", "tokens", "hidden_l2", "hidden_first", "hidden_last", "pooler_first", "embedding_first"];

    public void Run(JsonElement expected)
    {
        report.RefuseUnknown(expected, "reference", _fields);
        TextEncoder tokenizer = TextEncoder.FromFolder(folder);
        using TaskModel model = TaskModel.Create(ModelConfig.FromFile(Path.Combine(folder, "config.json")), HeadKind.None, Placement.Cpu);
        using (ITensorSource source = CheckpointFolder.OpenWeights(folder))
        {
            CheckpointLoader.Load(model, source, mayAdd: [], replace: [], seed: 0);
        }
        model.eval();
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        JsonElement[] sentences = [.. expected.Items("sentences")];
        TokenSequence[] rows = [.. sentences.Select(sentence => Encode(sentence, tokenizer))];
        var inputs = new NetworkInputs(model);
        HeadOutput together = model.forward(inputs.Pad(rows));
        var embeddings = new List<Tensor>();
        for (int i = 0; i < sentences.Length; i++)
        {
            HeadOutput alone = model.forward(inputs.Pad([rows[i]]));
            Tensor inBatch = together.Logits[i].narrow(0, 0, rows[i].Ids.Length);
            string name = $"sentence {i + 1}";
            embeddings.Add(Check(sentences[i], $"{name} alone", alone.Logits[0], alone.SequenceLogits![0]));
            Check(sentences[i], $"{name} in the batch", inBatch, together.SequenceLogits![i]);
            report.Within($"{name}: alone and in the batch", (alone.Logits[0] - inBatch).abs().max().item<float>(), Elements);
        }
        CheckCosines(expected, stack(embeddings));
    }

    private TokenSequence Encode(JsonElement sentence, TextEncoder tokenizer)
    {
        const int LongestInReference = 256;
        report.RefuseUnknown(sentence, "sentence", _sentenceFields);
        TokenEncoding encoding = tokenizer.Encode(sentence.Text("text"), null, new EncodeOptions { MaxTokens = LongestInReference });
        // Of a long sentence the reference only counts the tokens.
        if (sentence.GetProperty("ids") is { ValueKind: JsonValueKind.Array } ids)
        {
            report.SequenceEqual("ids", encoding.Ids, ids.Ints());
        }
        report.Equal("tokens", encoding.Length, sentence.GetProperty("tokens").GetInt32());
        return new TokenSequence(encoding.Ids, encoding.TypeIds);
    }

    // hidden: (tokens, width); pooled: (width)
    private Tensor Check(JsonElement sentence, string name, Tensor hidden, Tensor pooled)
    {
        double norm = sentence.GetProperty("hidden_l2").GetDouble();
        report.Within($"{name}: norm of hidden states", Math.Abs(hidden.norm().item<float>() - norm) / norm, RelativeNorm);
        Tensor mean = hidden.mean([0]);
        Tensor embedding = mean / mean.norm();
        Elementwise("hidden_first", hidden.flatten());
        Elementwise("hidden_last", hidden.flatten(), fromEnd: true);
        Elementwise("pooler_first", pooled);
        Elementwise("embedding_first", embedding);
        return embedding;

        void Elementwise(string field, Tensor ours, bool fromEnd = false)
        {
            double[] theirs = [.. sentence.GetProperty(field).EnumerateArray().Select(value => value.GetDouble())];
            report.Within($"{name}: {field}", Models.ExpectedTensor.Difference(ours.narrow(0, fromEnd ? ours.numel() - theirs.Length : 0, theirs.Length), tensor(theirs)), Elements);
        }
    }

    private void CheckCosines(JsonElement expected, Tensor embeddings)
    {
        double[] theirs = [.. expected.Items("cosine").SelectMany(row => row.EnumerateArray()).Select(value => value.GetDouble())];
        Tensor ours = embeddings.matmul(embeddings.t());
        report.Within("cosines", Models.ExpectedTensor.Difference(ours.flatten(), tensor(theirs)), Elements);
    }
}
