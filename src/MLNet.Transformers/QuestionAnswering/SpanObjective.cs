using MLNet.Transformers.Batching;
using MLNet.Transformers.Models.Losses;
using MLNet.Transformers.Training;

namespace MLNet.Transformers.QuestionAnswering;

/// <summary>Cross entropy of the answer's first and last token; of a window without the answer both are the window's first token (BERT §4.3).</summary>
internal sealed class SpanObjective : IObjective<AnswerWindow>
{
    public string Identity => "spans";

    public LabelledBatch Prepare(IReadOnlyList<AnswerWindow> features, NetworkInputs inputs, Random random)
    {
        var batch = inputs.Pad([.. features.Select(feature => feature.Tokens)]);
        var labels = new HeadLabels
        {
            StartPositions = inputs.Labels(features.Select(feature => feature.Start)), EndPositions = inputs.Labels(features.Select(feature => feature.End)),
        };
        return new LabelledBatch(batch, HeadLoss.Terms(inputs.Network, batch, labels));
    }
}
