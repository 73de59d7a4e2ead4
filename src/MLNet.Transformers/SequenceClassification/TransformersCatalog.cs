namespace MLNet.Transformers;

public sealed partial class TransformersCatalog
{
    /// <summary>Trains a classifier of texts or pairs of texts, or one that predicts a number of each.</summary>
    /// <remarks>
    /// The type of the label column says what is learnt, and which columns are added, so that ML.NET's evaluators find them:
    /// <list type="table">
    /// <item><term>a key</term><description>one class of several: PredictedLabel, a key, and Score, the probabilities of the classes (<c>MulticlassClassification.Evaluate</c>)</description></item>
    /// <item><term>Boolean</term><description>yes or no: PredictedLabel, Score and Probability (<c>BinaryClassification.Evaluate</c>)</description></item>
    /// <item><term>Single</term><description>a number, learnt by its squared error: Score (<c>Regression.Evaluate</c>)</description></item>
    /// <item><term>a vector of known size of Boolean or Single (0 to 1), or of keys</term><description>any number of labels: PredictedLabel, a Boolean for each label, and Score, a probability for each; slots have the labels' names</description></item>
    /// </list>
    /// Rows without a label (a missing key, a number that is none) are skipped, which the log says.
    /// </remarks>
    /// <param name="checkpoint">A checkpoint folder to fine-tune, or a config with fresh weights.</param>
    /// <param name="options">Columns and settings of training; null: all defaults.</param>
    /// <exception cref="ArgumentException">A value of the options is not allowed.</exception>
    public SequenceClassificationTrainer SequenceClassification(Checkpoint checkpoint, SequenceClassificationOptions? options = null) =>
        new(_context, checkpoint, options ?? new SequenceClassificationOptions());

    /// <summary>
    /// Classifies, or predicts a number, with the head that a checkpoint already has; needs no labels and no training. What the head was trained for
    /// (<c>problem_type</c> in config.json, else told by the number of labels) says which columns are added, as in <see cref="SequenceClassification"/>. A head whose two classes are False and True, as a training on Boolean labels
    /// writes them, says yes or no; so does one with two other classes where <see cref="ApplySequenceClassificationOptions.PositiveLabel"/> names the yes.
    /// </summary>
    /// <param name="checkpoint">A checkpoint folder with a head for sequence classification.</param>
    /// <param name="options">Columns and settings; null: all defaults.</param>
    /// <exception cref="ArgumentException">A value of the options is not allowed, or the head does not choose between two classes of which one is the positive label.</exception>
    /// <exception cref="NotSupportedException">The checkpoint's head predicts several numbers of a text.</exception>
    public SequenceClassificationEstimator ApplySequenceClassification(Checkpoint checkpoint, ApplySequenceClassificationOptions? options = null) =>
        new(_context, checkpoint, options ?? new ApplySequenceClassificationOptions());
}
