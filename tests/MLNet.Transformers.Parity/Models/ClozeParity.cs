using System.Text.Json;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Glm;
using MLNet.Transformers.Models.Nn;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Parity.Models;

/// <summary>Checks what the GLM of 2022 does with blanks: fills them (<c>infilling_greedy</c>), and ranks what may fill them.</summary>
internal sealed class ClozeParity(TaskModel model, Report report)
{
    private static readonly HashSet<string> _fields = ["part_a", "mask_position", "start_token", "new_ids"];

    /// <summary>The scores of a case's choices, (batch, choices).</summary>
    public static Tensor Scores(Tensor logits, JsonElement item) => ClozeScores.Of(logits, Numbers(item, "choice_ids"), Numbers(item, "choice_indices"));

    /// <summary>The likeliest token behind the start token, again and again: with all read anew, and with a cache.</summary>
    public void Run(IReadOnlyList<JsonElement> items)
    {
        using var noGradient = no_grad();
        for (int i = 0; i < items.Count; i++)
        {
            string name = $"infilling {i}";
            report.RefuseUnknown(items[i], name, _fields);
            long[] expected = [.. items[i].GetProperty("new_ids").Ints()];
            report.SequenceEqual(name, Fill(items[i], expected.Length, cached: false), expected);
            report.SequenceEqual($"{name} with a cache", Fill(items[i], expected.Length, cached: true), expected);
        }
    }

    private List<long> Fill(JsonElement item, int count, bool cached)
    {
        using var outer = NewDisposeScope();
        long[] partA = [.. item.GetProperty("part_a").Ints()];
        List<long> ids = [.. partA, item.GetProperty("start_token").GetInt64()];
        long blank = item.GetProperty("mask_position").GetInt64();
        using KeyValueCache? cache = cached ? new KeyValueCache(model.Backbone.CachedLayers, partA.Length + 1 + count) : null;
        Tensor positions = tensor([.. Enumerable.Range(0, partA.Length).Select(i => (long)i), blank, .. new long[partA.Length], 1], [1, 2, partA.Length + 1]);
        for (int step = 0; step < count; step++)
        {
            long read = cache?.Length ?? 0;
            long unread = ids.Count - read;
            var batch = new TokenBatch(
                tensor([.. ids[(int)read..]], [1, unread]), Mask: tensor([(long)partA.Length]), Positions: positions.narrow(-1, read, unread)) { Cache = cache };
            ids.Add(model.forward(batch).Logits[0, -1].argmax().item<long>());
            positions = cat([positions, model.Backbone.PositionsAfter(positions)], -1);
        }
        return ids[(partA.Length + 1)..];
    }

    // (batch, choices, tokens)
    private static int[][][] Numbers(JsonElement item, string name) =>
        [.. item.Items(name).Select(row => row.EnumerateArray().Select(choice => choice.Ints()).ToArray())];
}
