using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Losses;

/// <summary>The loss of each kind of head, as the reference's classes compute it when they are given labels.</summary>
internal static class HeadLoss
{
    /// <summary>The terms of a network's loss on a batch.</summary>
    /// <param name="model">The network.</param>
    /// <param name="batch">What the network reads.</param>
    /// <param name="labels">What its head is to say; with what this kind of head needs.</param>
    /// <exception cref="NotSupportedException">The network has no head.</exception>
    public static IReadOnlyList<LossTerm> Terms(TaskModel model, TokenBatch batch, HeadLabels labels) => model.Head switch
    {
        HeadKind.SequenceClassification => [OfSequences(model.Config, labels)],
        HeadKind.QuestionAnswering => [Side(0, labels.StartPositions!, batch.Length), Side(1, labels.EndPositions!, batch.Length)],
        HeadKind.CausalLanguageModel or HeadKind.SequenceToSequence => [OfClasses(Predicted(model, labels.Labels!), labels)],
        HeadKind.Pretraining when labels.NextSentence is { } next =>
            [OfClasses(labels.Labels!, labels), LossTerm.CrossEntropy(output => output.SequenceLogits!, next)],
        HeadKind.TokenClassification or HeadKind.MaskedLanguageModel or HeadKind.Pretraining or HeadKind.MultipleChoice =>
            [OfClasses(labels.Labels!, labels)],
        _ => throw new NotSupportedException($"{model.ClassName} has no head that could be trained."),
    };

    private static LossTerm OfClasses(Tensor numbers, HeadLabels labels) =>
        LossTerm.CrossEntropy(output => output.Logits, numbers, labels.ClassWeights, labels.Smoothing);

    private static LossTerm OfSequences(ModelConfig config, HeadLabels labels)
    {
        Tensor given = labels.Labels!;
        return ProblemTypes.Of(config, hasClassNumbers: given.dtype == ScalarType.Int64) switch
        {
            ProblemTypes.Regression => LossTerm.SquaredError(given),
            ProblemTypes.MultiLabel => LossTerm.BinaryCrossEntropy(given),
            _ => OfClasses(given, labels),
        };
    }

    // The mean of both sides, each over its own positions (modeling_bert.py, BertForQuestionAnswering).
    private static LossTerm Side(int side, Tensor positions, long tokens)
    {
        LossTerm term = LossTerm.CrossEntropy(
            output => output.Logits.select(2, side), positions.clamp_min(Number(0)).masked_fill(positions.ge(Number(tokens)), Number(LossTerm.Ignored)));
        return term with { Sum = output => term.Sum(output) / Number(2) };
    }

    // A label in the place of the scores that predict it: behind a decoder's shift nothing is left to predict for the last ones.
    private static Tensor Predicted(TaskModel model, Tensor labels)
    {
        HeadSpec head = model.Spec;
        Tensor counted = head.IgnoresPadding ? labels.masked_fill(labels.eq(Number(model.Config.PaddingId)), Number(LossTerm.Ignored)) : labels;
        return head.LabelShift == 0
            ? counted
            : cat([counted.narrow(1, head.LabelShift, counted.shape[1] - head.LabelShift), full_like(counted.narrow(1, 0, head.LabelShift), Number(LossTerm.Ignored))], 1);
    }
}
