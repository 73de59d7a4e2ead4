using MLNet.Transformers.Models.Generation;
using MLNet.Transformers.SequenceToSequence;

namespace MLNet.Transformers;

/// <summary>Settings of <see cref="TransformersCatalog.ApplySequenceToSequence"/>.</summary>
public sealed class ApplySequenceToSequenceOptions : TextOptions
{
    /// <summary>Column of the text that is read.</summary>
    /// <value>"Source".</value>
    public string SourceColumnName { get; set; } = "Source";

    /// <summary>Column for the text that the network writes.</summary>
    /// <value>"PredictedText".</value>
    public string PredictedTextColumnName { get; set; } = "PredictedText";

    /// <summary>What stands before each source, as T5's tasks begin: "translate English to German: ". Excludes <see cref="PromptTemplate"/>.</summary>
    /// <value>null.</value>
    public string? Prefix { get; set; }

    /// <summary>What a source is put into, with <c>{source}</c> in its place: "{source}\n\nSummary:". A source that is too long is cut, the rest is not.</summary>
    /// <value>null.</value>
    public string? PromptTemplate { get; set; }

    /// <summary>Whether the source, with its prefix or in its template, is a user's message in the checkpoint's chat template.</summary>
    /// <value>false.</value>
    public bool UseChatTemplate { get; set; }

    /// <summary>With <see cref="UseChatTemplate"/>: the system's message before the user's.</summary>
    /// <value>null.</value>
    public string? SystemMessage { get; set; }

    /// <summary>
    /// Most tokens of a source with its prompt and special tokens, at least 3; longer sources are cut at their end and counted in the log. Null: as
    /// <see cref="TextOptions.MaxTokens"/>, or as many as the network takes; of a decoder alone, which goes on behind its source, less the new tokens.
    /// </summary>
    /// <value>null.</value>
    public int? MaxSourceTokens { get; set; }

    /// <summary>How to write; what is not said here the checkpoint says (generation_config.json).</summary>
    /// <value>Nothing is said. <see cref="GenerationOptions.MaxNewTokens"/> is 128 where the checkpoint does not say it either.</value>
    public GenerationOptions Generation { get; set; } = new();

    internal WritingOptions Writing => new(
        SourceColumnName, PredictedTextColumnName, new SourceForm(Prefix, PromptTemplate, UseChatTemplate, SystemMessage), MaxSourceTokens, null, Generation);

    private protected override void CopyContents() => Generation = GenerationSettings.Merge(Check.NotNull(Generation, nameof(Generation)), new GenerationOptions());

    private protected override void Validate()
    {
        base.Validate();
        Writing.Validate();
    }
}
