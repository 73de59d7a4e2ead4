using System.Globalization;
using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Losses;
using MLNet.Transformers.SequenceToSequence.Layouts;
using MLNet.Transformers.Training;
using static TorchSharp.torch;

namespace MLNet.Transformers.SequenceToSequence;

/// <summary>Cross entropy of each token of a target, given its source and the target's tokens before it (teacher forcing).</summary>
/// <param name="layout">How the network reads both.</param>
/// <param name="smoothing">Share of a token's probability that is spread over the vocabulary.</param>
internal sealed class TargetObjective(ITargetLayout layout, double smoothing) : IObjective<SourceTarget>
{
    public string Identity => string.Create(CultureInfo.InvariantCulture, $"targets|{smoothing:R}");

    public LabelledBatch Prepare(IReadOnlyList<SourceTarget> features, NetworkInputs inputs, Random random)
    {
        (TokenBatch batch, Tensor labels) = layout.Learn(features, inputs);
        return new LabelledBatch(batch, HeadLoss.Terms(inputs.Network, batch, new HeadLabels(labels) { Smoothing = smoothing }));
    }
}
