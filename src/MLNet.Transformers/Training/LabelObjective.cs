using System.Globalization;
using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Losses;

namespace MLNet.Transformers.Training;

/// <summary>Labels of whole sequences: one class of several, a yes or no for each label, or a number to be met.</summary>
/// <param name="problem">Which of them, as <see cref="ModelConfig.ProblemType"/>.</param>
/// <param name="classWeights">Weight of each class, or null: all 1.</param>
/// <param name="smoothing">Share of a label's probability that is spread over all classes.</param>
internal sealed class LabelObjective(string problem, float[]? classWeights, double smoothing) : IObjective<LabelledSequence<float>>
{
    public string Identity => string.Create(CultureInfo.InvariantCulture, $"{problem}|{smoothing:R}|{string.Join(',', classWeights ?? [])}");

    public LabelledBatch Prepare(IReadOnlyList<LabelledSequence<float>> features, NetworkInputs inputs, Random random)
    {
        var batch = inputs.Pad([.. features.Select(feature => feature.Tokens)]);
        var labels = problem == ProblemTypes.SingleLabel
            ? inputs.Labels(features.Select(feature => (int)feature.Labels[0]))
            : inputs.Numbers([.. features.Select(feature => feature.Labels)]);
        return new LabelledBatch(
            batch, HeadLoss.Terms(inputs.Network, batch, new HeadLabels(labels) { ClassWeights = classWeights, Smoothing = smoothing }));
    }
}
