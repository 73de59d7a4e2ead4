using System.Globalization;
using MLNet.Transformers.Batching;
using MLNet.Transformers.Models.Losses;

namespace MLNet.Transformers.Training;

/// <summary>Cross entropy of one class of several for each sequence.</summary>
/// <param name="classWeights">Weight of each class, or null: all 1.</param>
/// <param name="smoothing">Share of a label's probability that is spread over all classes.</param>
internal sealed class LabelObjective(float[]? classWeights, double smoothing) : IObjective<LabelledSequence<int>>
{
    public string Identity => string.Create(CultureInfo.InvariantCulture, $"labels|{smoothing:R}|{string.Join(',', classWeights ?? [])}");

    public LabelledBatch Prepare(IReadOnlyList<LabelledSequence<int>> features, NetworkInputs inputs, Random random)
    {
        var batch = inputs.Pad([.. features.Select(feature => feature.Tokens)]);
        var labels = new HeadLabels(inputs.Labels(features.Select(feature => feature.Labels[0]))) { ClassWeights = classWeights, Smoothing = smoothing };
        return new LabelledBatch(batch, HeadLoss.Terms(inputs.Network, batch, labels));
    }
}
