using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Losses;
using static TorchSharp.torch;

namespace MLNet.Transformers.SequenceToSequence.Layouts;

/// <summary>The target stands behind the source, and its tokens alone count.</summary>
internal sealed class ContinuationLayout : ITargetLayout
{
    public TokenBatch Prompt(IReadOnlyList<int[]> sources, NetworkInputs inputs) => inputs.Pad([.. sources.Select(ids => new TokenSequence(ids))]);

    public (TokenBatch Batch, Tensor Labels) Learn(IReadOnlyList<SourceTarget> rows, NetworkInputs inputs) => (
        inputs.Pad([.. rows.Select(row => new TokenSequence([.. row.Tokens.Ids, .. row.Target]))]),
        inputs.Labels([.. rows.Select(row => (int[])[.. Enumerable.Repeat((int)LossTerm.Ignored, row.Tokens.Ids.Length), .. row.Target])]));

    public int FirstScore(int source, int longestSource) => source - 1;
}
