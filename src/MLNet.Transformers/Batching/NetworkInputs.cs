using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Losses;
using static TorchSharp.torch;

namespace MLNet.Transformers.Batching;

/// <summary>Makes tensors of sequences as one network wants them: its padding, its segments, its device.</summary>
internal sealed class NetworkInputs(TaskModel network)
{
    public TaskModel Network => network;

    /// <summary>Sequences, padded on the right to the longest; nothing reads what the network gives for the padding.</summary>
    public TokenBatch Pad(IReadOnlyList<TokenSequence> rows)
    {
        ModelConfig config = network.Config.SourceConfig;
        return TokenBatch.Pad(
            [.. rows.Select(row => row.Ids)],
            config.HasSegments ? [.. rows.Select(row => row.SegmentIds ?? new int[row.Ids.Length])] : null,
            config.PaddingId, network.Device) with { ReadsPadding = false };
    }

    /// <summary>Sources with the labels of their targets: what the decoder is to write, and so what it reads.</summary>
    /// <param name="sources">What the encoder reads.</param>
    /// <param name="labels">As <see cref="Labels(IReadOnlyList{int[]})"/> makes them.</param>
    public TokenBatch Pad(IReadOnlyList<TokenSequence> sources, Tensor labels) => Pad(sources) with { Target = network.TargetOf(labels) };

    /// <summary>A label for each token, (batch, tokens): padded with <see cref="LossTerm.Ignored"/>.</summary>
    public Tensor Labels(IReadOnlyList<int[]> rows)
    {
        int width = rows.Max(row => row.Length);
        var values = new long[rows.Count * width];
        Array.Fill(values, LossTerm.Ignored);
        for (int row = 0; row < rows.Count; row++)
        {
            for (int i = 0; i < rows[row].Length; i++)
            {
                values[row * width + i] = rows[row][i];
            }
        }
        return tensor(values, [rows.Count, width], device: network.Device);
    }

    /// <summary>One label for each sequence, (batch).</summary>
    public Tensor Labels(IEnumerable<int> labels) => tensor([.. labels.Select(label => (long)label)], device: network.Device);

    /// <summary>A number for each label of each sequence, (batch, labels).</summary>
    public Tensor Numbers(IReadOnlyList<float[]> rows) => tensor([.. rows.SelectMany(row => row)], [rows.Count, rows[0].Length], device: network.Device);
}
