using System.Globalization;
using MLNet.Transformers.Batching;
using MLNet.Transformers.Models.Losses;
using MLNet.Transformers.Training;

namespace MLNet.Transformers.ClozeClassification;

/// <summary>Cross entropy over the scores of a text's choices (source: THUDM's modeling_glm.py, GLMForMultipleChoice).</summary>
internal sealed class ClozeObjective(ClozeScorer scorer) : IObjective<ClozeText>
{
    public string Identity => string.Create(
        CultureInfo.InvariantCulture, $"cloze|{scorer.LengthPenalty:R}|{string.Join('|', scorer.Choices.Select(choice => string.Join(',', choice)))}");

    public LabelledBatch Prepare(IReadOnlyList<ClozeText> features, NetworkInputs inputs, Random random) => new(
        scorer.Batch(features, inputs),
        [LossTerm.CrossEntropy(output => scorer.Scores(output, features), inputs.Labels(features.Select(feature => feature.Class!.Value)))]);
}
