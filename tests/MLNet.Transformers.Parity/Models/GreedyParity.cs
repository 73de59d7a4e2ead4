using System.Text.Json;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Generation;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Parity.Models;

/// <summary>
/// Checks <c>greedy_uncached</c>: after a prompt the likeliest token, again and again, until there are as many as the reference has. The whole text is
/// read anew for each token, as the fixture's author did, and again by our own generation, token by token.
/// </summary>
internal sealed class GreedyParity(TaskModel model, Report report)
{
    private static readonly HashSet<string> _fields = ["prompt", "new_ids"];

    /// <summary>What our own generation writes, whatever ends a text.</summary>
    /// <param name="model">The network.</param>
    /// <param name="prompt">One row.</param>
    /// <param name="count">How many tokens.</param>
    /// <param name="cached">Whether keys and values are kept.</param>
    public static IEnumerable<long> Write(TaskModel model, TokenBatch prompt, int count, bool cached) =>
        Written.Ids(model, prompt, new GenerationOptions { MaxNewTokens = count, Cached = cached })[0][0].Ids
            .Select(id => (long)id);

    public void Run(IReadOnlyList<JsonElement> items)
    {
        using var noGradient = no_grad();
        for (int i = 0; i < items.Count; i++)
        {
            using var scope = NewDisposeScope();
            string name = $"greedy {i}";
            report.RefuseUnknown(items[i], name, _fields);
            long[] prompt = [.. items[i].GetProperty("prompt").Ints()];
            long[] expected = [.. items[i].GetProperty("new_ids").Ints()];
            report.SequenceEqual(name, Anew(prompt, expected.Length), expected);
            report.SequenceEqual($"{name} with a cache", Write(model, new TokenBatch(Row(prompt)), expected.Length, cached: true), expected);
        }
    }

    private List<long> Anew(long[] prompt, int count)
    {
        List<long> ids = [.. prompt];
        while (ids.Count < prompt.Length + count)
        {
            using var scope = NewDisposeScope();
            ids.Add(model.forward(new TokenBatch(Row([.. ids]))).Logits[0, -1].argmax().item<long>());
        }
        return ids[prompt.Length..];
    }

    private static Tensor Row(long[] ids) => tensor(ids, [1, ids.Length]);
}
