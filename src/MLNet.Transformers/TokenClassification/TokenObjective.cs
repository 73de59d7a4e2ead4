using System.Globalization;
using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Losses;
using MLNet.Transformers.Training;

namespace MLNet.Transformers.TokenClassification;

/// <summary>Cross entropy of the tag of each word's first token, its mean over all words of a step.</summary>
/// <param name="classWeights">Weight of each tag, or null: all 1.</param>
/// <param name="smoothing">Share of a tag's probability that is spread over all tags.</param>
internal sealed class TokenObjective(float[]? classWeights, double smoothing) : IObjective<TokenWindow>
{
    public string Identity => string.Create(CultureInfo.InvariantCulture, $"tags|{smoothing:R}|{string.Join(',', classWeights ?? [])}");

    public LabelledBatch Prepare(IReadOnlyList<TokenWindow> features, NetworkInputs inputs, Random random)
    {
        TokenBatch batch = inputs.Pad([.. features.Select(feature => feature.Tokens)]);
        var labels = new HeadLabels(inputs.Labels([.. features.Select(feature => feature.Labels)])) { ClassWeights = classWeights, Smoothing = smoothing };
        return new LabelledBatch(batch, HeadLoss.Terms(inputs.Network, batch, labels));
    }
}
