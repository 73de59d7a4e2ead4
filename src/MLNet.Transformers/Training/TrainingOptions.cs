using System.Globalization;
using Microsoft.ML;
using MLNet.Transformers.Batching;
using MLNet.Transformers.Training;

namespace MLNet.Transformers;

/// <summary>What all trainers of this library have in common.</summary>
public abstract class TrainingOptions : TextOptions
{
    private protected TrainingOptions()
    {
    }

    /// <summary>How often each row is seen, at least 1. The default suits fine-tuning of a pretrained checkpoint (BERT §4.1: 2 to 4).</summary>
    /// <value>3.</value>
    public int Epochs { get; set; } = 3;

    /// <summary>Steps after which training ends, at least 1, whatever <see cref="Epochs"/> says: the rows are gone through as often as that takes. Null: <see cref="Epochs"/> decides.</summary>
    /// <value>null.</value>
    public int? MaxSteps { get; set; }

    /// <summary>Where set, a step takes as many rows as hold this many tokens, padding included, instead of <see cref="TextOptions.BatchSize"/> rows.</summary>
    /// <value>null.</value>
    public int? MaxTokensPerBatch { get; set; }

    /// <summary>
    /// Peak learning rate, above 0. The default suits networks of BERT-base's size (110 million parameters) and above in 300 steps or more; a rule of
    /// thumb for smaller ones: 1e-4 to 3e-4 below 50 million parameters, up to 1e-3 from scratch.
    /// </summary>
    /// <value>5e-5.</value>
    public double LearningRate { get; set; } = 5e-5;

    /// <summary>How the learning rate goes on after the warm-up.</summary>
    /// <value><see cref="LearningRateSchedule.Linear"/>.</value>
    public LearningRateSchedule Schedule { get; set; } = LearningRateSchedule.Linear;

    /// <summary>Share of all steps in which the learning rate rises linearly from 0, 0 to 1.</summary>
    /// <value>0.1.</value>
    public double WarmupShare { get; set; } = 0.1;

    /// <summary>Decoupled weight decay of AdamW, at least 0; never applied to biases and normalisation.</summary>
    /// <value>0.01.</value>
    public double WeightDecay { get; set; } = 0.01;

    /// <summary>Longest norm of the gradient; longer ones are scaled down. Null: no limit.</summary>
    /// <value>1.</value>
    public double? GradientClip { get; set; } = 1;

    /// <summary>Batches whose gradients are summed before one step of the optimizer, at least 1: the effect of a larger batch in the memory of a small one.</summary>
    /// <value>1.</value>
    public int AccumulationSteps { get; set; } = 1;

    /// <summary>Parts of the network that keep their weights, counted from the input: 0 none, 1 the embeddings, 2 also the first layer, and so on.</summary>
    /// <value>0.</value>
    public int FrozenStages { get; set; }

    /// <summary>Share of the training rows that is held out, drawn by the seed, and evaluated after each epoch, 0 to 0.5. The best epoch's weights are kept, as with <see cref="ValidationSet"/>.</summary>
    /// <value>0.</value>
    public double ValidationShare { get; set; }

    /// <summary>Rows to evaluate after each epoch, with the columns that the trainer reads. The best epoch's weights are kept; of equally good ones, the one with the lowest loss. Excludes <see cref="ValidationShare"/>.</summary>
    /// <value>null.</value>
    public IDataView? ValidationSet { get; set; }

    /// <summary>Steps after which the validation rows judge, at least 1, and once more at the end, in place of after each epoch: where epochs are long. The best weights are then those of a step.</summary>
    /// <value>null.</value>
    public int? ValidateEverySteps { get; set; }

    /// <summary>
    /// Epochs, or validations where <see cref="ValidateEverySteps"/> is given, without improvement on the validation rows after which training ends: neither of the metric that decides nor, where that is equal, of the
    /// loss. Null: all epochs.
    /// </summary>
    /// <value>null.</value>
    public int? Patience { get; set; }

    /// <summary>
    /// A folder in which the state of training is kept, so that a later <c>Fit</c> on the same data and options continues; removed when training ends.
    /// Several trainings may share it, as those of a cross validation: each finds its own state by its rows, options and checkpoint. Where no seed is
    /// given, the one that was drawn is kept here too. Null: no state is kept.
    /// </summary>
    /// <value>null.</value>
    public string? StateFolder { get; set; }

    /// <summary>Steps between two writings of <see cref="StateFolder"/>, at least 1.</summary>
    /// <value>500.</value>
    public int StateEverySteps { get; set; } = 500;

    /// <summary>Seed of shuffling, dropout and fresh weights. Null: the seed of the <see cref="MLContext"/>, or one drawn at random.</summary>
    /// <value>null.</value>
    public int? Seed { get; set; }

    /// <summary>Told of each step.</summary>
    /// <value>null.</value>
    public IProgress<TrainingProgress>? Progress { get; set; }

    /// <summary>Ends training with an <see cref="OperationCanceledException"/>. With a <see cref="StateFolder"/> the state is written first.</summary>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>How much a batch may hold.</summary>
    internal BatchLimits BatchLimits => new(BatchSize, MaxTokensPerBatch);

    /// <summary>Share of the steps, the last ones, without dropout.</summary>
    internal virtual double WithoutDropout => 0;

    /// <summary>The trainings that a <c>Fit</c> consists of, in their order.</summary>
    internal virtual IReadOnlyList<TrainingStage> Stages => [new TrainingStage(this)];

    /// <summary>All that changes what is learnt: a saved state of training continues only with the same.</summary>
    internal virtual string Identity => string.Create(
        CultureInfo.InvariantCulture,
        $"{Epochs}|{MaxSteps}|{BatchSize}|{MaxTokensPerBatch}|{LearningRate:R}|{Schedule}|{WarmupShare:R}|{WeightDecay:R}|{GradientClip:R}|{AccumulationSteps}|{FrozenStages}|{Patience}|{ValidateEverySteps}|{Precision}");

    private protected override void Validate()
    {
        base.Validate();
        Check.AtLeast(Epochs, 1, nameof(Epochs));
        Check.AtLeast(MaxSteps, 1, nameof(MaxSteps));
        Check.AtLeast(MaxTokensPerBatch, 1, nameof(MaxTokensPerBatch));
        Check.Between(LearningRate, double.Epsilon, 1, nameof(LearningRate));
        Check.Between(WarmupShare, 0, 1, nameof(WarmupShare));
        Check.Between(WeightDecay, 0, 1, nameof(WeightDecay));
        Check.Between(GradientClip ?? 1, double.Epsilon, double.MaxValue, nameof(GradientClip));
        Check.AtLeast(AccumulationSteps, 1, nameof(AccumulationSteps));
        Check.AtLeast(FrozenStages, 0, nameof(FrozenStages));
        Check.Between(ValidationShare, 0, 0.5, nameof(ValidationShare));
        Check.AtLeast(Patience, 1, nameof(Patience));
        Check.AtLeast(ValidateEverySteps, 1, nameof(ValidateEverySteps));
        Check.AtLeast(StateEverySteps, 1, nameof(StateEverySteps));
        Check.Defined(Schedule, nameof(Schedule));
        if (StateFolder is not null)
        {
            Check.Folder(StateFolder, nameof(StateFolder));
        }
        if (ValidationSet is not null && ValidationShare > 0)
        {
            throw new ArgumentException($"{nameof(ValidationSet)} and {nameof(ValidationShare)} are both given; give one of them.");
        }
        if (Patience is not null && ValidationSet is null && ValidationShare == 0)
        {
            throw new ArgumentException($"{nameof(Patience)} is {Patience}, but there are no validation rows; give {nameof(ValidationSet)} or {nameof(ValidationShare)}.");
        }
    }
}
