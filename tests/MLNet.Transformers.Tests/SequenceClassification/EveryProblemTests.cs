using Microsoft.ML;
using MLNet.Transformers.Tests.Checkpoints;
using static MLNet.Transformers.Tests.SequenceClassification.Examples;

namespace MLNet.Transformers.Tests.SequenceClassification;

/// <summary>Every kind of label with every architecture: learnt by heart, computed alone and in batches, saved, and written as a checkpoint.</summary>
public class EveryProblemTests
{
    public static TheoryData<string, string> Cells => [.. Architectures.SelectMany(row => Labels.Select(label => (row, label)))];

    [Theory]
    [MemberData(nameof(Cells))]
    public void Eight_examples_are_learnt_by_heart_and_come_back_from_every_place(string row, string label)
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(1);
        IDataView data = Data(ml, label);
        using SequenceClassificationTransformer model = Train(ml, label, row: row);

        Answer[] answers = Answers(model.Transform(data));
        ByHeart(ml, label, model.Transform(data), answers);
        // Alone a text has no padding.
        Equal(answers, Rows.SelectMany(example => Answers(model.Transform(ml.Data.LoadFromEnumerable([example])))), 1e-4f);

        ml.Transformers().SaveModel(model, data.Schema, folder.File("model.zip"));
        using var loaded = (SequenceClassificationTransformer)ml.Model.Load(folder.File("model.zip"), out _);
        Assert.Equal(answers.SelectMany(answer => answer.Score), Answers(loaded.Transform(data)).SelectMany(answer => answer.Score));
        Assert.Equal(answers.Select(answer => answer.Predicted), Answers(loaded.Transform(data)).Select(answer => answer.Predicted));

        model.SaveCheckpoint(folder.File("checkpoint"));
        using SequenceClassificationTransformer applied =
            ml.Transformers().ApplySequenceClassification(folder.File("checkpoint"), new() { MaxTokens = 16 }).Fit(data);
        Assert.Equal(model.Labels, applied.Labels);
        Equal(answers, Answers(applied.Transform(data)), 1e-6f);
    }

    private static void ByHeart(MLContext ml, string label, IDataView scored, Answer[] answers)
    {
        switch (label)
        {
            case nameof(Example.Class):
                Assert.Equal(1, ml.MulticlassClassification.Evaluate(scored).MicroAccuracy);
                break;
            case nameof(Example.Yes):
                Assert.Equal(1, ml.BinaryClassification.Evaluate(scored).Accuracy);
                break;
            case nameof(Example.Number):
                Assert.InRange(ml.Regression.Evaluate(scored).MeanSquaredError, 0, 0.01);
                break;
            default:
                Assert.Equal(Rows.Select(example => string.Join(',', example.Flags)), answers.Select(answer => answer.Predicted));
                break;
        }
    }
}
