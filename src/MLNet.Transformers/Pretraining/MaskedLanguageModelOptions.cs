namespace MLNet.Transformers.Pretraining;

/// <summary>Settings of <see cref="MaskedLanguageModelTrainer"/>.</summary>
internal sealed class MaskedLanguageModelOptions : TrainingOptions
{
    /// <summary>Column of the text.</summary>
    public string TextColumnName { get; set; } = "Text";

    /// <summary>Share of a sequence's tokens that are to be guessed.</summary>
    public double MaskedShare { get; set; } = 0.15;

    private protected override void Validate()
    {
        base.Validate();
        Check.ColumnName(TextColumnName, nameof(TextColumnName));
        Check.Between(MaskedShare, double.Epsilon, 1, nameof(MaskedShare));
    }
}
