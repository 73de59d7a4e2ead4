namespace MLNet.Transformers;

/// <summary>Settings of <see cref="PretrainingTrainer"/>.</summary>
public sealed class PretrainingOptions : TrainingOptions
{
    // 128 MB: at once in memory are the plan of one file and those of its pages that the system likes to hold.
    private const long DefaultTokensPerFile = 1L << 25;

    /// <summary>Makes options with the learning rate of BERT's pretraining (§A.2), 1e-4, instead of that of fine-tuning.</summary>
    public PretrainingOptions() => LearningRate = 1e-4;

    /// <summary>Column of the text: each row is a document, but for those that the column ContinuesDocument of <see cref="TransformersCatalog.LoadDocuments"/> marks, where there is one.</summary>
    /// <value>"Text".</value>
    public string TextColumnName { get; set; } = "Text";

    /// <summary>Column for the mean loss of a text's tokens, in nats; NaN where no token could be guessed.</summary>
    /// <value>"Loss".</value>
    public string LossColumnName { get; set; } = "Loss";

    /// <summary>Column for the perplexity of a text, e to the power of its loss.</summary>
    /// <value>"Perplexity".</value>
    public string PerplexityColumnName { get; set; } = "Perplexity";

    /// <summary>Column for the number of tokens that the loss is the mean of: those that the objective has guessed.</summary>
    /// <value>"TokenCount".</value>
    public string TokenCountColumnName { get; set; } = "TokenCount";

    /// <summary>Share of the steps, the last ones, in which there is no dropout whatever the network's config says, 0 to 1: 0.1 in BART's pretraining (Lewis et al. 2020, §4), 1 in T5 1.1's.</summary>
    /// <value>0.</value>
    public double DropoutFreeShare { get; set; }

    /// <summary>
    /// A folder in which the tokens of the texts are kept, for other trainings on them, 4 bytes a token. Texts whose first 1,000 documents, or million characters, are
    /// the same count as the same: delete the folder where later ones have changed. Null: tokens lie in <see cref="TrainingOptions.StateFolder"/>, where there is one, else in
    /// the system's folder for temporary files, and go when training ends.
    /// </summary>
    /// <value>null.</value>
    public string? TokenFolder { get; set; }

    /// <summary>Tokens of a file: what is shuffled at once.</summary>
    internal long TokensPerFile { get; set; } = DefaultTokensPerFile;

    internal override double WithoutDropout => DropoutFreeShare;

    internal override string Identity => FormattableString.Invariant($"{base.Identity}|{DropoutFreeShare:R}");

    private protected override void Validate()
    {
        base.Validate();
        Check.ColumnName(TextColumnName, nameof(TextColumnName));
        Check.OutputColumns(
            (LossColumnName, nameof(LossColumnName)), (PerplexityColumnName, nameof(PerplexityColumnName)), (TokenCountColumnName, nameof(TokenCountColumnName)));
        Check.Between(DropoutFreeShare, 0, 1, nameof(DropoutFreeShare));
        if (TokenFolder is not null)
        {
            Check.Folder(TokenFolder, nameof(TokenFolder));
        }
    }
}
