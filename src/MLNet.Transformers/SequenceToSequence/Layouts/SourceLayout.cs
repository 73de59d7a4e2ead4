using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;
using static TorchSharp.torch;

namespace MLNet.Transformers.SequenceToSequence.Layouts;

/// <summary>An encoder reads the source, a decoder the target moved to the right.</summary>
internal sealed class SourceLayout : ITargetLayout
{
    public TokenBatch Prompt(IReadOnlyList<int[]> sources, NetworkInputs inputs) => inputs.Pad([.. sources.Select(ids => new TokenSequence(ids))]);

    public (TokenBatch Batch, Tensor Labels) Learn(IReadOnlyList<SourceTarget> rows, NetworkInputs inputs)
    {
        Tensor labels = inputs.Labels([.. rows.Select(row => row.Target)]);
        return (inputs.Pad([.. rows.Select(row => row.Tokens)], labels), labels);
    }

    public int FirstScore(int source, int longestSource) => 0;
}
