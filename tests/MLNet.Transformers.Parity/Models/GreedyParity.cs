using System.Text.Json;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Nn;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Parity.Models;

/// <summary>
/// Checks <c>greedy_uncached</c>: after a prompt the likeliest token, again and again, until there are as many as the reference has. The whole text is
/// read anew for each token, as the fixture's author did, and again token by token with our cache.
/// </summary>
internal sealed class GreedyParity(TaskModel model, Report report)
{
    private static readonly HashSet<string> _fields = ["prompt", "new_ids"];

    public void Run(IReadOnlyList<JsonElement> items)
    {
        using var noGradient = no_grad();
        for (int i = 0; i < items.Count; i++)
        {
            string name = $"greedy {i}";
            report.RefuseUnknown(items[i], name, _fields);
            long[] prompt = [.. items[i].GetProperty("prompt").Ints()];
            long[] expected = [.. items[i].GetProperty("new_ids").Ints()];
            report.SequenceEqual(name, Anew(prompt, expected.Length), expected);
            report.SequenceEqual($"{name} with a cache", Cached(prompt, expected.Length), expected);
        }
    }

    private List<long> Anew(long[] prompt, int count)
    {
        List<long> ids = [.. prompt];
        while (ids.Count < prompt.Length + count)
        {
            using var scope = NewDisposeScope();
            ids.Add(Likeliest(new TokenBatch(Row([.. ids]))));
        }
        return ids[prompt.Length..];
    }

    private List<long> Cached(long[] prompt, int count)
    {
        using var cache = new KeyValueCache(model.Backbone.CachedLayers, prompt.Length + count);
        List<long> ids = [];
        long[] unread = prompt;
        while (ids.Count < count)
        {
            using var scope = NewDisposeScope();
            Tensor positions = arange(cache.Length, cache.Length + unread.Length, ScalarType.Int64).unsqueeze(0);
            ids.Add(Likeliest(new TokenBatch(Row(unread), Positions: positions) { Cache = cache }));
            unread = [ids[^1]];
        }
        return ids;
    }

    private long Likeliest(TokenBatch batch) => model.forward(batch).Logits[0, -1].argmax().item<long>();

    private static Tensor Row(long[] ids) => tensor(ids, [1, ids.Length]);
}
