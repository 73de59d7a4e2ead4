using MLNet.Transformers.Models;
using MLNet.Transformers.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Prediction;

/// <summary>Runs a network over tokenized rows in batches of similar length.</summary>
internal static class BatchScorer
{
    /// <summary>Pads rows to a batch and lets the network score them. The caller owns the dispose scope.</summary>
    public static HeadOutput Forward(TaskModel model, IReadOnlyList<TokenSequence> rows)
    {
        ModelConfig config = model.Config;
        var batch = TokenBatch.Pad(
            [.. rows.Select(row => row.Ids)],
            config.HasSegments ? [.. rows.Select(row => row.SegmentIds)] : null,
            config.PaddingId, model.Device);
        return model.forward(batch);
    }

    /// <summary>Answers of many rows, in their order. The network is to be in eval mode.</summary>
    /// <param name="model">The network.</param>
    /// <param name="rows">Tokenized rows.</param>
    /// <param name="batchSize">Rows of a batch.</param>
    /// <param name="tokenBudget">Most tokens of a batch, instead of <paramref name="batchSize"/>.</param>
    /// <param name="read">Reads the scores of a batch, given the numbers of its rows.</param>
    public static void Run(
        TaskModel model, IReadOnlyList<TokenSequence> rows, int batchSize, int? tokenBudget, Action<HeadOutput, int[]> read)
    {
        int[] lengths = [.. rows.Select(row => row.Length)];
        int[] sorted = [.. Enumerable.Range(0, rows.Count).OrderBy(row => lengths[row])];
        using var inference = inference_mode();
        foreach (int[] batch in LengthBuckets.InOrder(sorted, lengths, batchSize, tokenBudget))
        {
            using var scope = NewDisposeScope();
            read(Forward(model, [.. batch.Select(row => rows[row])]), batch);
        }
    }
}
