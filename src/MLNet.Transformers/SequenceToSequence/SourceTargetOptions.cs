using MLNet.Transformers.Models.Generation;
using MLNet.Transformers.SequenceToSequence;

namespace MLNet.Transformers;

/// <summary>What settings of trainings that learn to write a target for a source have in common.</summary>
public abstract class SourceTargetOptions : TrainingOptions
{
    private protected SourceTargetOptions()
    {
    }

    /// <summary>Column of the text that is read.</summary>
    /// <value>"Source".</value>
    public string SourceColumnName { get; set; } = "Source";

    /// <summary>Column of the text that is to be written.</summary>
    /// <value>"Target".</value>
    public string TargetColumnName { get; set; } = "Target";

    /// <summary>Column for the text that the network writes.</summary>
    /// <value>"PredictedText".</value>
    public string PredictedTextColumnName { get; set; } = "PredictedText";

    /// <summary>
    /// Most tokens of a source with its prompt and special tokens, at least 3; longer sources are cut at their end and counted in the log. Null: as
    /// <see cref="TextOptions.MaxTokens"/>, or as many as the network takes; of a decoder alone, which reads both in one sequence, less the target's.
    /// </summary>
    /// <value>null.</value>
    public int? MaxSourceTokens { get; set; }

    /// <summary>Most tokens of a target, its end token included, at least 3. In training longer ones are cut before their end token, and counted in the log.</summary>
    /// <value>null: 128, or of a decoder with less than 256 positions half of them.</value>
    public int? MaxTargetTokens { get; set; }

    /// <summary>Share of the target's probability that is spread over the vocabulary, 0 to below 1.</summary>
    /// <value>0.</value>
    public double LabelSmoothing { get; set; }

    /// <summary>
    /// How the fitted transformer writes, and how what is judged in validation is written; what is not said here the checkpoint says
    /// (generation_config.json). <see cref="GenerationOptions.MaxNewTokens"/> is <see cref="MaxTargetTokens"/> where neither does.
    /// </summary>
    /// <value>Nothing is said.</value>
    public GenerationOptions Generation { get; set; } = new();

    /// <summary>The metric on the validation rows that decides which epoch was best.</summary>
    /// <value><see cref="SequenceToSequenceMetric.Loss"/>.</value>
    public SequenceToSequenceMetric ValidationMetric { get; set; } = SequenceToSequenceMetric.Loss;

    internal override string Identity => $"{base.Identity}|{ValidationMetric}";

    internal WritingOptions Writing => new(SourceColumnName, PredictedTextColumnName, Form, MaxSourceTokens, MaxTargetTokens, Generation);

    // What is read of a source.
    private protected virtual SourceForm Form => new(null, null, false, null);

    private protected override void CopyContents() => Generation = GenerationSettings.Merge(Check.NotNull(Generation, nameof(Generation)), new GenerationOptions());

    private protected override void Validate()
    {
        base.Validate();
        Writing.Validate();
        Check.ColumnName(TargetColumnName, nameof(TargetColumnName));
        Check.Between(LabelSmoothing, 0, 0.999, nameof(LabelSmoothing));
        Check.Defined(ValidationMetric, nameof(ValidationMetric));
    }
}
