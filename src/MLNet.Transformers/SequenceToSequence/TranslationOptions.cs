using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Training;

namespace MLNet.Transformers;

/// <summary>
/// Settings of <see cref="TransformersCatalog.Translation"/>. Epochs, steps, learning rate and all else that is said of training is that of the first stage, in
/// which the new encoder learns (Lewis et al. 2020, §3.4); the second takes over what is not said of it here. The defaults suit a fresh encoder: 10 epochs
/// at a learning rate of 5e-4, labels smoothed by 0.1 as in §5.5.
/// </summary>
public sealed class TranslationOptions : SourceTargetOptions
{
    // What the second stage's state is kept in, below the state folder.
    private const string TuningFolder = "tuning";

    /// <summary>The defaults.</summary>
    public TranslationOptions() => (Epochs, LearningRate, LabelSmoothing) = (10, 5e-4, 0.1);

    /// <summary>
    /// Layers, heads and widths of the new encoder; its vocabulary and padding are those of the source's tokenizer, its width is BART's. Null: as BART's own encoder.
    /// </summary>
    /// <value>null.</value>
    public BertConfig? SourceEncoder { get; set; }

    /// <summary>Steps of the second stage, in which all parameters learn, at least 0; 0 leaves BART as it was. Null: one epoch.</summary>
    /// <value>null.</value>
    public int? TuningSteps { get; set; }

    /// <summary>Peak learning rate of the second stage, above 0. Null: a fifth of <see cref="TrainingOptions.LearningRate"/>.</summary>
    /// <value>null.</value>
    public double? TuningLearningRate { get; set; }

    internal override IReadOnlyList<TrainingStage> Stages => TuningSteps == 0 ? [First] : [First, new TrainingStage(Tuning())];

    private TrainingStage First => new(this, Models.Bart.NewSourceEncoder.LearnsFirst);

    private protected override void Validate()
    {
        base.Validate();
        Check.AtLeast(TuningSteps, 0, nameof(TuningSteps));
        Check.Between(TuningLearningRate ?? 1, double.Epsilon, 1, nameof(TuningLearningRate));
        if (FrozenStages != 0)
        {
            throw Check.OutOfRange(nameof(FrozenStages), FrozenStages, $"is {FrozenStages}, but what is frozen is said by the stages of translation; leave it at 0.");
        }
    }

    private TranslationOptions Tuning()
    {
        var tuning = (TranslationOptions)MemberwiseClone();
        (tuning.Epochs, tuning.MaxSteps, tuning.LearningRate) = (1, TuningSteps, TuningLearningRate ?? LearningRate / 5);
        tuning.StateFolder = StateFolder is null ? null : Path.Combine(StateFolder, TuningFolder);
        return tuning;
    }
}
