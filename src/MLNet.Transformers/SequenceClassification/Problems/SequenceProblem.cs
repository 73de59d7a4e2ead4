using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Models;
using MLNet.Transformers.Training;

namespace MLNet.Transformers.SequenceClassification;

/// <summary>
/// What is asked of a text: the labels of a row, what the head learns, what it predicts, and by what it is judged. The type of the label column, or
/// the head of a checkpoint, decides which it is.
/// </summary>
internal abstract class SequenceProblem
{
    private static readonly BinaryLabel _yesOrNo = new();
    private static readonly IReadOnlyList<SequenceProblem> _all = [new SingleLabel(), _yesOrNo, new MultiLabel(), new Regression()];

    /// <summary>One class of several.</summary>
    public static SequenceProblem Class => _all[0];

    /// <summary>A number.</summary>
    public static SequenceProblem Number => _all[^1];

    /// <summary>What the settings of a fitted transformer call it.</summary>
    public string Name => GetType().Name;

    /// <summary>What the head is trained for, as <see cref="ModelConfig.ProblemType"/> says it.</summary>
    public abstract string ProblemType { get; }

    /// <summary>The label's type, for a message.</summary>
    public abstract string LabelType { get; }

    /// <summary>Why rows are skipped in training.</summary>
    public virtual string SkippedBecause => "have no label, or one that is not among the key's values";

    /// <summary>Whether a label is one class of several: those can weigh differently and be smoothed.</summary>
    public bool HasClasses => ProblemType == ProblemTypes.SingleLabel;

    /// <summary>What it is judged by; the first decides where no other is asked for.</summary>
    public abstract IReadOnlyList<ClassificationMetric> Metrics { get; }

    /// <summary>The problem of the settings of a fitted transformer.</summary>
    public static SequenceProblem Named(string name) => _all.Single(problem => problem.Name == name);

    /// <summary>The problem of a label column.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is missing, or of a type that no problem reads.</exception>
    public static SequenceProblem Of(SchemaShape shape, string label, IExceptionContext context, out SchemaShape.Column column)
    {
        SchemaShape.Column found = shape.Require(context, "label", label, Expected, column => _all.Any(problem => problem.Reads(column)));
        column = found;
        return _all.First(problem => problem.Reads(found));
    }

    /// <inheritdoc cref="Of(SchemaShape, string, IExceptionContext, out SchemaShape.Column)"/>
    public static SequenceProblem Of(DataViewSchema schema, string label, IExceptionContext context)
    {
        SchemaShape.Column found = schema.Require(context, "label", label, Expected, column => _all.Any(problem => problem.Reads(column)));
        return _all.First(problem => problem.Reads(found));
    }

    /// <summary>The problem that a checkpoint's head was trained for.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="positiveLabel">Of a head with two classes, the one that is a yes; null: that of Boolean labels, where they are its classes.</param>
    /// <exception cref="ArgumentException">The head does not choose between two classes, of which one is the positive one.</exception>
    /// <exception cref="NotSupportedException">It predicts several numbers.</exception>
    public static SequenceProblem OfHead(Checkpoint checkpoint, string? positiveLabel)
    {
        string type = ProblemTypes.Of(checkpoint.Config);
        IReadOnlyList<string> labels = checkpoint.Config.Labels;
        if (positiveLabel is not null)
        {
            return type == ProblemTypes.SingleLabel && labels.Count == 2 && labels.Contains(positiveLabel) ? _yesOrNo : throw new ArgumentException(
                $"{nameof(ApplySequenceClassificationOptions.PositiveLabel)} is '{positiveLabel}', which should be one of two classes; the head of {checkpoint.Name} has {labels.Count} ('problem_type' is {type}): {string.Join(", ", labels.Take(10).Select(label => $"'{label}'"))}{(labels.Count > 10 ? ", …" : "")}.");
        }
        if (type == ProblemTypes.SingleLabel && labels.SequenceEqual(BinaryLabel.Classes))
        {
            return _yesOrNo;
        }
        return type != ProblemTypes.Regression || labels.Count == 1
            ? _all.First(problem => problem.ProblemType == type)
            : throw new NotSupportedException($"The head of {checkpoint.Name} predicts {labels.Count} numbers of a text ('problem_type' is {type}); heads that predict one can be applied.");
    }

    /// <summary>Refuses what does not go with the labels, and says which metric decides.</summary>
    /// <exception cref="ArgumentException">An option does not go with labels of this type.</exception>
    public ClassificationMetric Decide(SequenceClassificationOptions options)
    {
        Refuse(options.ClassWeights is not null && !HasClasses, nameof(options.ClassWeights));
        Refuse(options.LabelSmoothing != 0 && !HasClasses, nameof(options.LabelSmoothing));
        ClassificationMetric deciding = options.ValidationMetric ?? Metrics[0];
        Refuse(!Metrics.Contains(deciding), $"{nameof(options.ValidationMetric)} {deciding}", $": use {string.Join(", ", Metrics)}");
        return deciding;

        void Refuse(bool refused, string option, string instead = "")
        {
            if (refused)
            {
                throw new ArgumentException($"{option} does not go with labels of the type {LabelType} (column '{options.LabelColumnName}'){instead}.");
            }
        }
    }

    /// <summary>Whether labels of a type are this problem's.</summary>
    public abstract bool Reads(SchemaShape.Column label);

    /// <summary>The labels of a column, which become the head's.</summary>
    /// <exception cref="InvalidOperationException">There are too few, or the validation set has others.</exception>
    public abstract LabelKeys Labels(DataViewSchema schema, string label, IDataView? validationSet, Checkpoint checkpoint, IHost host);

    /// <summary>Reads a row's labels: the number of a class, a number for each label, or the number to be met.</summary>
    /// <param name="row">Where they are read from.</param>
    /// <param name="label">The column.</param>
    /// <param name="count">Number of labels.</param>
    public abstract RowGetter<float[]> Getter(DataViewRow row, DataViewSchema.Column label, int count);

    /// <summary>From the head's scores to what is predicted.</summary>
    public abstract float[] Scores(float[] logits);

    /// <summary>The columns of a prediction.</summary>
    /// <param name="settings">Their names.</param>
    /// <param name="labels">The labels; empty where they are not known yet.</param>
    /// <param name="keys">What they are; null: only numbered, or not known yet.</param>
    public abstract IReadOnlyList<OutputColumn<SequenceAnswer>> Outputs(SequenceClassificationSettings settings, IReadOnlyList<string> labels, KeyValues? keys);

    /// <summary>The <see cref="Metrics"/> of answers but for the loss.</summary>
    /// <param name="labels">Of each row, at least one row.</param>
    /// <param name="answers">Of each row.</param>
    /// <param name="threshold">From which probability a label is predicted.</param>
    public abstract IReadOnlyDictionary<ClassificationMetric, double> Measure(IReadOnlyList<float[]> labels, IReadOnlyList<SequenceAnswer> answers, double threshold);

    /// <summary>Probabilities that sum to 1.</summary>
    public static float[] Softmax(float[] logits)
    {
        var scores = new float[logits.Length];
        TensorPrimitives.Subtract(logits, TensorPrimitives.Max<float>(logits), scores);
        TensorPrimitives.SoftMax<float>(scores, scores);
        return scores;
    }

    private static string Expected => string.Join(", or ", _all.Select(problem => problem.LabelType));
}
