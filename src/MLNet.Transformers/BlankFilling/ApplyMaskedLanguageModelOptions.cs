using MLNet.Transformers.Models.Generation;
using MLNet.Transformers.SequenceToSequence;

namespace MLNet.Transformers;

/// <summary>Settings of <see cref="TransformersCatalog.ApplyMaskedLanguageModel"/>.</summary>
/// <remarks>
/// A text of more than <see cref="TextOptions.MaxTokens"/> tokens loses no blank: each is filled by what stands around it, as far as that fits. The log counts such texts.
/// </remarks>
public sealed class ApplyMaskedLanguageModelOptions : TextOptions
{
    /// <summary>Column of the text with blanks.</summary>
    /// <value>"Text".</value>
    public string TextColumnName { get; set; } = "Text";

    /// <summary>Column for the text with each blank filled by its best filling. A blank that the network did not fill stays as it is, and the log counts it.</summary>
    /// <value>"PredictedText".</value>
    public string PredictedTextColumnName { get; set; } = "PredictedText";

    /// <summary>
    /// Column for what may fill the blanks: of each blank in turn <see cref="TopK"/> tokens, the most probable first; where the network writes what fills a
    /// blank, one text, which is empty where it filled nothing in. Of a text without a blank nothing.
    /// </summary>
    /// <value>"Fillings".</value>
    public string FillingsColumnName { get; set; } = "Fillings";

    /// <summary>
    /// Column for the probability of each of <see cref="FillingsColumnName"/>, 0 to 1, of all tokens of the vocabulary. A network that writes what fills a
    /// blank gives none, and the column is empty.
    /// </summary>
    /// <value>"Score".</value>
    public string ScoreColumnName { get; set; } = "Score";

    /// <summary>How a blank is written in texts. The tokens that stand for a blank in the tokenizer ([MASK], T5's &lt;extra_id_0&gt; and so on) are blanks always.</summary>
    /// <value>null: the tokenizer's mask token; where there is none, as in T5's, three underscores.</value>
    public string? BlankText { get; set; }

    /// <summary>How many tokens are given for a blank, at least 1 and at most those of the vocabulary. Does not count where the network writes what fills a blank.</summary>
    /// <value>5.</value>
    public int TopK { get; set; } = 5;

    /// <summary>How a network writes that writes what fills blanks; what is not said here the checkpoint says (generation_config.json).</summary>
    /// <value>
    /// Nothing is said. <see cref="GenerationOptions.MaxNewTokens"/> is as many as a network of source and target has positions, for it may have to write the whole
    /// text; of other networks 128, or what the checkpoint says.
    /// </value>
    public GenerationOptions Generation { get; set; } = new();

    /// <summary>How a network writes, as far as the options say it.</summary>
    /// <param name="mostTokens">Most tokens of a text that is written anew; null: nothing is to be said of it.</param>
    internal WritingOptions Writing(int? mostTokens) => new(
        TextColumnName, PredictedTextColumnName, new SourceForm(null, null, false, null), MaxSourceTokens: null, MaxTargetTokens: null,
        Generation with { MaxNewTokens = Generation.MaxNewTokens ?? (Generation.MaxLength is null ? mostTokens : null) });

    private protected override void CopyContents() => Generation = GenerationSettings.Merge(Check.NotNull(Generation, nameof(Generation)), new GenerationOptions());

    private protected override void Validate()
    {
        base.Validate();
        Check.TextColumns(TextColumnName, pair: null);
        Check.OutputColumns(
            (PredictedTextColumnName, nameof(PredictedTextColumnName)), (FillingsColumnName, nameof(FillingsColumnName)), (ScoreColumnName, nameof(ScoreColumnName)));
        Check.AtLeast(TopK, 1, nameof(TopK));
        if (BlankText is not null && string.IsNullOrWhiteSpace(BlankText))
        {
            throw new ArgumentException($"{nameof(BlankText)} must be what stands for a blank in texts, such as \"___\"; it is empty.", nameof(BlankText));
        }
        Writing(mostTokens: null).Validate();
    }
}
