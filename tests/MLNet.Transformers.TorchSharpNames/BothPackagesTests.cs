using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.TorchSharp;
using Microsoft.ML.TorchSharp.NasBert;
using MLNet.Transformers;
using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Tokenization;

// As in a user's program: within the namespace MLNet.Transformers its methods would be found before those of a using.
namespace TorchSharpNames;

/// <summary>A file that uses both libraries, as one does that is being moved from one to the other.</summary>
public class BothPackagesTests
{
    private readonly MLContext _ml = new(seed: 1);

    private sealed class Row
    {
        public string Intent { get; set; } = "";

        public string Sentence { get; set; } = "";

        public string Other { get; set; } = "";

        public float Similarity { get; set; }
    }

    private static Checkpoint Checkpoint
    {
        get
        {
            TextEncoder tokenizer = WordPieceTrainer.Train(["open the door", "close the window"], size: 100, new() { MinFrequency = 1 });
            var config = new BertConfig { VocabularySize = tokenizer.MaxId + 1, HiddenSize = 8, Layers = 1, Heads = 2, IntermediateSize = 16, MaxPositions = 32 };
            return Checkpoint.FromConfig(config, tokenizer);
        }
    }

    private IDataView Rows => _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 12).Select(i => i % 2 == 0
        ? new Row { Intent = "open", Sentence = "open the door", Other = "open the window", Similarity = 1 }
        : new Row { Intent = "close", Sentence = "close the door", Other = "open the window", Similarity = 0 }));

    [Fact]
    public void Without_a_checkpoint_a_call_is_theirs()
    {
        Assert.IsType<TextClassificationTrainer>(_ml.MulticlassClassification.Trainers.TextClassification());
        Assert.IsType<TextClassificationTrainer>(_ml.MulticlassClassification.Trainers.TextClassification("Intent"));
        Assert.IsType<Microsoft.ML.TorchSharp.NasBert.SentenceSimilarityTrainer>(_ml.Regression.Trainers.SentenceSimilarity(labelColumnName: "Similarity"));
        Assert.IsType<NerTrainer>(_ml.MulticlassClassification.Trainers.NamedEntityRecognition(maxEpochs: 1));
        Assert.IsType<Microsoft.ML.TorchSharp.Roberta.QATrainer>(_ml.MulticlassClassification.Trainers.QuestionAnswer("Text", "Question"));
    }

    [Fact]
    public void With_a_checkpoint_it_is_ours()
    {
        Assert.IsType<SequenceClassificationTrainer>(_ml.MulticlassClassification.Trainers.TextClassification(checkpoint: Checkpoint, labelColumnName: "Intent"));
        Assert.IsType<TokenClassificationTrainer>(_ml.MulticlassClassification.Trainers.NamedEntityRecognition(sentence1ColumnName: "Sentence", checkpoint: Checkpoint));
        Assert.IsType<SequenceClassificationTrainer>(_ml.Regression.Trainers.SentenceSimilarity(labelColumnName: "Similarity", checkpoint: Checkpoint));
        Assert.IsType<QuestionAnsweringTrainer>(_ml.MulticlassClassification.Trainers.QuestionAnswer(topK: 2, checkpoint: Checkpoint));
    }

    [Fact]
    public void Classes_are_learnt_with_the_columns_and_epochs_that_are_named()
    {
        ITransformer model = _ml.Transforms.Conversion.MapValueToKey("Label", "Intent")
            .Append(_ml.MulticlassClassification.Trainers.TextClassification(
                labelColumnName: "Label", sentence1ColumnName: "Sentence", sentence2ColumnName: "Other", outputColumnName: "Guess", scoreColumnName: "Certainty",
                batchSize: 4, maxEpochs: 2, checkpoint: Checkpoint))
            .Fit(Rows);

        DataViewSchema schema = model.Transform(Rows).Schema;
        Assert.IsType<KeyDataViewType>(schema["Guess"].Type);
        Assert.Equal(2, ((VectorDataViewType)schema["Certainty"].Type).Size);
    }

    [Fact]
    public void Each_stretch_of_a_text_between_blanks_gets_a_tag()
    {
        IDataView rows = _ml.Data.LoadFromEnumerable(Enumerable.Repeat(new { Sentence = "open the door", Tags = new[] { "O", "O", "THING" } }, 4));

        IDataView tagged = _ml.Transforms.Conversion.MapValueToKey("Label", "Tags")
            .Append(_ml.MulticlassClassification.Trainers.NamedEntityRecognition(maxEpochs: 1, checkpoint: Checkpoint))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(rows).Transform(rows);

        Assert.All(tagged.GetColumn<string[]>("PredictedLabel"), tags => Assert.Equal(3, tags.Length));
    }

    [Fact]
    public void Similarities_are_learnt_and_evaluated_as_a_regression()
    {
        ITransformer model = _ml.Regression.Trainers
            .SentenceSimilarity(checkpoint: Checkpoint, labelColumnName: "Similarity", sentence1ColumnName: "Sentence", sentence2ColumnName: "Other", maxEpochs: 2)
            .Fit(Rows);

        Assert.True(double.IsFinite(_ml.Regression.Evaluate(model.Transform(Rows), labelColumnName: "Similarity").MeanSquaredError));
    }

    [Fact]
    public void Answers_and_their_scores_are_vectors_of_the_length_that_is_asked_for()
    {
        IDataView rows = _ml.Data.LoadFromEnumerable(Enumerable.Repeat(new { Text = "open the door", Ask = "close the window", TrainingAnswer = "the door", AnswerIndex = 5 }, 4));

        IDataView answered = _ml.MulticlassClassification.Trainers.QuestionAnswer(contextColumnName: "Text", questionColumnName: "Ask", topK: 2, maxEpochs: 1, checkpoint: Checkpoint)
            .Fit(rows).Transform(rows);

        Assert.All(answered.GetColumn<string[]>("Answer"), answers => Assert.Equal(2, answers.Length));
        Assert.All(answered.GetColumn<float[]>("Score"), scores => Assert.Equal(2, scores.Length));
    }
}
