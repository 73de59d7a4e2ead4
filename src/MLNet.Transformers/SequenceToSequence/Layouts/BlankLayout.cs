using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Glm.Glm2022;
using static TorchSharp.torch;

namespace MLNet.Transformers.SequenceToSequence.Layouts;

/// <summary>The target fills a blank of the source (Du et al. 2022, §2.1).</summary>
/// <param name="maskIds">Ids that stand for a blank; the first place of one of them counts.</param>
/// <param name="startId">The token that stands before what fills it.</param>
internal sealed class BlankLayout(IReadOnlyCollection<int> maskIds, int startId) : ITargetLayout
{
    public TokenBatch Prompt(IReadOnlyList<int[]> sources, NetworkInputs inputs)
    {
        (int[][] texts, int[][] seen) = Filled(sources, inputs);
        return BlankInfilling.ForGeneration(texts, seen, maskIds, startId, maxNewTokens: 1).ToTokens(inputs.Network.Device);
    }

    public (TokenBatch Batch, Tensor Labels) Learn(IReadOnlyList<SourceTarget> rows, NetworkInputs inputs)
    {
        (int[][] texts, int[][] seen) = Filled([.. rows.Select(row => row.Tokens.Ids)], inputs);
        BlankInputs blanks = BlankInfilling.ForWhole(
            texts, seen, [.. rows.Select(row => row.Target)], maskIds, startId, inputs.Network.Config.PaddingId, rows.Max(row => row.Target.Length));
        return (blanks.ToTokens(inputs.Network.Device), inputs.Labels(blanks.Labels!));
    }

    public int FirstScore(int source, int longestSource) => longestSource;

    private static (int[][] Texts, int[][] Seen) Filled(IReadOnlyList<int[]> sources, NetworkInputs inputs)
    {
        int width = sources.Max(ids => ids.Length);
        return (
            [.. sources.Select(ids => (int[])[.. ids, .. Enumerable.Repeat(inputs.Network.Config.PaddingId, width - ids.Length)])],
            [.. sources.Select(ids => (int[])[.. Enumerable.Repeat(1, ids.Length), .. new int[width - ids.Length]])]);
    }
}
