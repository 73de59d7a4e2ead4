using System.Text.Json;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Glm;
using MLNet.Transformers.Models.Glm.Glm2022;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Parity.Models;

/// <summary>Checks what the GLM of 2022 does with blanks: fills them (<c>infilling_greedy</c>), and ranks what may fill them.</summary>
internal sealed class ClozeParity(TaskModel model, Report report)
{
    private static readonly HashSet<string> _fields = ["part_a", "mask_position", "start_token", "new_ids"];

    /// <summary>The scores of a case's choices, (batch, choices).</summary>
    public static Tensor Scores(Tensor logits, JsonElement item) => ClozeScores.Of(logits, Numbers(item, "choice_ids"), Numbers(item, "choice_indices"));

    /// <summary>What our own generation writes behind the start token: with all read anew, and with a cache.</summary>
    public void Run(IReadOnlyList<JsonElement> items)
    {
        using var noGradient = no_grad();
        for (int i = 0; i < items.Count; i++)
        {
            using var scope = NewDisposeScope();
            string name = $"infilling {i}";
            report.RefuseUnknown(items[i], name, _fields);
            long[] expected = [.. items[i].GetProperty("new_ids").Ints()];
            TokenBatch prompt = Prompt(items[i]);
            report.SequenceEqual(name, GreedyParity.Write(model, prompt, expected.Length, cached: false), expected);
            report.SequenceEqual($"{name} with a cache", GreedyParity.Write(model, prompt, expected.Length, cached: true), expected);
        }
    }

    private static TokenBatch Prompt(JsonElement item)
    {
        int[] partA = item.GetProperty("part_a").Ints();
        int start = item.GetProperty("start_token").GetInt32(), blank = item.GetProperty("mask_position").GetInt32();
        int[][] places = [[.. Enumerable.Range(0, partA.Length), blank], [.. new int[partA.Length], 1]];
        return new TokenBatch(new[] { partA.Append(start).ToArray() }.ToTensor(null), Mask: tensor([(long)partA.Length]), Positions: new[] { places }.ToTensor(null));
    }

    // (batch, choices, tokens)
    private static int[][][] Numbers(JsonElement item, string name) =>
        [.. item.Items(name).Select(row => row.EnumerateArray().Select(choice => choice.Ints()).ToArray())];
}
