using Microsoft.ML.OnnxRuntime;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Benchmarks.Throughput;

/// <summary>ONNX Runtime on the same network, with the same tokenizer.</summary>
/// <param name="graph">The graph; its weights lie beside it.</param>
/// <param name="tokenizer">The tokenizer.</param>
/// <param name="maxTokens">Longer texts are cut.</param>
/// <param name="sorted">Whether batches are made of texts of similar length, which is the best one can do, or in the order of the texts, which is what one does first.</param>
internal sealed class OnnxRuntimePeer(string graph, TextEncoder tokenizer, int maxTokens, bool sorted) : IContender
{
    private const int BatchSize = 32;

    private readonly InferenceSession _session = new(graph);
    private readonly EncodeOptions _options = new() { MaxTokens = maxTokens };

    public string Name => $"ONNX Runtime, {Path.GetFileNameWithoutExtension(graph)}{(sorted ? ", sorted by length" : "")}";

    public void Batched(IReadOnlyList<string> texts)
    {
        var encodings = new TokenEncoding[texts.Count];
        Parallel.For(0, texts.Count, i => encodings[i] = tokenizer.Encode(texts[i], null, _options));
        foreach (TokenEncoding[] batch in (sorted ? encodings.OrderBy(encoding => encoding.Length) : encodings.AsEnumerable()).Chunk(BatchSize))
        {
            Run(batch);
        }
    }

    public void Single(IReadOnlyList<string> texts)
    {
        foreach (string text in texts)
        {
            Run([tokenizer.Encode(text, null, _options)]);
        }
    }

    public IDisposable? Asking(out Action<string> ask)
    {
        ask = text => Run([tokenizer.Encode(text, null, _options)]);
        return null;
    }

    public void Dispose() => _session.Dispose();

    private void Run(TokenEncoding[] batch)
    {
        int width = batch.Max(encoding => encoding.Length);
        long[] shape = [batch.Length, width];
        var ids = new long[batch.Length * width];
        var mask = new long[ids.Length];
        for (int row = 0; row < batch.Length; row++)
        {
            for (int i = 0; i < batch[row].Length; i++)
            {
                ids[row * width + i] = batch[row].Ids[i];
                mask[row * width + i] = 1;
            }
        }
        using var idValue = OrtValue.CreateTensorValueFromMemory(ids, shape);
        using var maskValue = OrtValue.CreateTensorValueFromMemory(mask, shape);
        using var typeValue = OrtValue.CreateTensorValueFromMemory(new long[ids.Length], shape);
        var inputs = new Dictionary<string, OrtValue> { ["input_ids"] = idValue, ["attention_mask"] = maskValue, ["token_type_ids"] = typeValue };
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(options, inputs, _session.OutputNames);
    }
}
