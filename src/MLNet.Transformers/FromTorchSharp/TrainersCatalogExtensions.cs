using Microsoft.ML;
using MLNet.Transformers.Interop;

namespace MLNet.Transformers;

/// <summary>
/// The trainers of this library under the names, parameters and defaults that Microsoft.ML.TorchSharp gives its own: a call of that library with one more
/// argument, the checkpoint. Whatever else a trainer can be told is in the options of <see cref="TransformersCatalog"/>'s verbs.
/// </summary>
/// <remarks>Both packages can be referenced: without a checkpoint a call is theirs.</remarks>
public static class TrainersCatalogExtensions
{
    /// <summary>Trains a classifier of texts or pairs of texts: <see cref="TransformersCatalog.SequenceClassification"/>.</summary>
    /// <param name="catalog"><c>mlContext.MulticlassClassification.Trainers</c>.</param>
    /// <param name="checkpoint">What is fine-tuned: a checkpoint folder.</param>
    /// <param name="labelColumnName">Column of the classes, of key type.</param>
    /// <param name="scoreColumnName">Column for the probabilities of the classes; theirs are logits.</param>
    /// <param name="outputColumnName">Column for the most probable class.</param>
    /// <param name="sentence1ColumnName">Column of the text.</param>
    /// <param name="sentence2ColumnName">Column of a second text, or null.</param>
    /// <param name="batchSize">Rows of a step.</param>
    /// <param name="maxEpochs">How often each row is seen.</param>
    /// <param name="architecture">Does not count: the checkpoint says it.</param>
    /// <param name="validationSet">Rows to evaluate after each epoch; the best epoch's weights are kept. Null: the last epoch's.</param>
    public static SequenceClassificationTrainer TextClassification(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, Checkpoint checkpoint,
        string labelColumnName = "Label", string scoreColumnName = "Score", string outputColumnName = "PredictedLabel",
        string sentence1ColumnName = "Sentence1", string? sentence2ColumnName = null, int batchSize = 32, int maxEpochs = 10,
        BertArchitecture architecture = BertArchitecture.Roberta, IDataView? validationSet = null) =>
        new(catalog.Environment(), checkpoint, new()
        {
            LabelColumnName = labelColumnName, ScoreColumnName = scoreColumnName, PredictedLabelColumnName = outputColumnName,
            TextColumnName = sentence1ColumnName, TextPairColumnName = sentence2ColumnName,
            BatchSize = batchSize, Epochs = maxEpochs, ValidationSet = validationSet,
        });

    /// <summary>Trains a network that says how similar two texts are: <see cref="TransformersCatalog.SequenceClassification"/> with a number as label.</summary>
    /// <param name="catalog"><c>mlContext.Regression.Trainers</c>.</param>
    /// <param name="checkpoint">What is fine-tuned: a checkpoint folder.</param>
    /// <param name="labelColumnName">Column of the similarity, a Single.</param>
    /// <param name="scoreColumnName">Column for the predicted similarity.</param>
    /// <param name="sentence1ColumnName">Column of the first text.</param>
    /// <param name="sentence2ColumnName">Column of the second text.</param>
    /// <param name="batchSize">Rows of a step.</param>
    /// <param name="maxEpochs">How often each row is seen.</param>
    /// <param name="architecture">Does not count: the checkpoint says it.</param>
    /// <param name="validationSet">Rows to evaluate after each epoch; the best epoch's weights are kept. Null: the last epoch's.</param>
    public static SequenceClassificationTrainer SentenceSimilarity(
        this RegressionCatalog.RegressionTrainers catalog, Checkpoint checkpoint,
        string labelColumnName = "Label", string scoreColumnName = "Score",
        string sentence1ColumnName = "Sentence1", string sentence2ColumnName = "Sentence2", int batchSize = 32, int maxEpochs = 10,
        BertArchitecture architecture = BertArchitecture.Roberta, IDataView? validationSet = null) =>
        new(catalog.Environment(), checkpoint, new()
        {
            LabelColumnName = labelColumnName, ScoreColumnName = scoreColumnName,
            TextColumnName = sentence1ColumnName, TextPairColumnName = sentence2ColumnName,
            BatchSize = batchSize, Epochs = maxEpochs, ValidationSet = validationSet,
        });

    /// <summary>Trains a tagger of words: <see cref="TransformersCatalog.TokenClassification"/>.</summary>
    /// <param name="catalog"><c>mlContext.MulticlassClassification.Trainers</c>.</param>
    /// <param name="checkpoint">What is fine-tuned: a checkpoint folder.</param>
    /// <param name="labelColumnName">Column of the tags, one for each stretch of the text between blanks: a vector of keys.</param>
    /// <param name="outputColumnName">Column for the predicted tags.</param>
    /// <param name="sentence1ColumnName">Column of the text.</param>
    /// <param name="batchSize">Rows of a step.</param>
    /// <param name="maxEpochs">How often each row is seen.</param>
    /// <param name="architecture">Does not count: the checkpoint says it.</param>
    /// <param name="validationSet">Rows to evaluate after each epoch; the best epoch's weights are kept. Null: the last epoch's.</param>
    public static TokenClassificationTrainer NamedEntityRecognition(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, Checkpoint checkpoint,
        string labelColumnName = "Label", string outputColumnName = "PredictedLabel", string sentence1ColumnName = "Sentence",
        int batchSize = 32, int maxEpochs = 10, BertArchitecture architecture = BertArchitecture.Roberta, IDataView? validationSet = null) =>
        new(catalog.Environment(), checkpoint, new()
        {
            WordsColumnName = null, TextColumnName = sentence1ColumnName, TagsColumnName = labelColumnName, PredictedTagsColumnName = outputColumnName,
            BatchSize = batchSize, Epochs = maxEpochs, ValidationSet = validationSet,
        });

    /// <summary>Trains a network to find the answers to questions in texts of any length: <see cref="TransformersCatalog.QuestionAnswering"/>.</summary>
    /// <param name="catalog"><c>mlContext.MulticlassClassification.Trainers</c>.</param>
    /// <param name="checkpoint">What is fine-tuned: a checkpoint folder.</param>
    /// <param name="contextColumnName">Column of the text that the answer is looked for in.</param>
    /// <param name="questionColumnName">Column of the question.</param>
    /// <param name="trainingAnswerColumnName">Column of the answer as it stands in the text.</param>
    /// <param name="answerIndexColumnName">Column of the place of the answer's first character, from 0.</param>
    /// <param name="predictedAnswerColumnName">Column for the best answers, a vector, the best first. The best one alone is in "PredictedAnswer".</param>
    /// <param name="scoreColumnName">Column for the probabilities of the best answers, a vector.</param>
    /// <param name="topK">How many answers there are to be.</param>
    /// <param name="batchSize">Rows of a step.</param>
    /// <param name="maxEpochs">How often each row is seen.</param>
    /// <param name="architecture">Does not count: the checkpoint says it.</param>
    /// <param name="validationSet">Rows to evaluate after each epoch; the best epoch's weights are kept. Null: the last epoch's.</param>
    public static QuestionAnsweringTrainer QuestionAnswer(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, Checkpoint checkpoint,
        string contextColumnName = "Context", string questionColumnName = "Question", string trainingAnswerColumnName = "TrainingAnswer",
        string answerIndexColumnName = "AnswerIndex", string predictedAnswerColumnName = "Answer", string scoreColumnName = "Score", int topK = 3,
        int batchSize = 4, int maxEpochs = 10, BertArchitecture architecture = BertArchitecture.Roberta, IDataView? validationSet = null) =>
        new(catalog.Environment(), checkpoint, new()
        {
            ContextColumnName = contextColumnName, QuestionColumnName = questionColumnName,
            AnswerColumnName = trainingAnswerColumnName, AnswerStartColumnName = answerIndexColumnName,
            TopAnswersColumnName = predictedAnswerColumnName, TopScoresColumnName = scoreColumnName, ScoreColumnName = "PredictedAnswerScore",
            TopAnswers = topK, NBestSize = Math.Max(topK, new QuestionAnsweringOptions().NBestSize),
            BatchSize = batchSize, Epochs = maxEpochs, ValidationSet = validationSet,
        });
}
