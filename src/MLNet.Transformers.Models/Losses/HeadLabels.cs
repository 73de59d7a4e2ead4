using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Losses;

/// <summary>What a head is to say of a batch, each under the reference's name for it; a head takes those that it knows.</summary>
/// <param name="Labels">
/// Class numbers, int64, or numbers to be met, float32: (batch) or (batch, labels) of sequences, (batch, tokens) of tokens.
/// <see cref="LossTerm.Ignored"/> does not count.
/// </param>
internal sealed record HeadLabels(Tensor? Labels = null)
{
    /// <summary>First token of each answer, int64, (batch). A number behind the sequence does not count, one before it is the first token.</summary>
    public Tensor? StartPositions { get; init; }

    /// <summary>Last token of each answer, as <see cref="StartPositions"/>.</summary>
    public Tensor? EndPositions { get; init; }

    /// <summary>0 where a text's second part follows its first, 1 where it was drawn at random, int64, (batch).</summary>
    public Tensor? NextSentence { get; init; }

    /// <summary>Weight of each class, or null: all 1.</summary>
    public IReadOnlyList<float>? ClassWeights { get; init; }

    /// <summary>Share of a label's probability that is spread over all classes.</summary>
    public double Smoothing { get; init; }
}
