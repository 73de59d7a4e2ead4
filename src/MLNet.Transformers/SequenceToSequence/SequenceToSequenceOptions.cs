using MLNet.Transformers.SequenceToSequence;

namespace MLNet.Transformers;

/// <summary>Settings of <see cref="TransformersCatalog.SequenceToSequence"/>.</summary>
public sealed class SequenceToSequenceOptions : SourceTargetOptions
{
    /// <summary>What stands before each source, as T5's tasks begin: "translate English to German: ". Excludes <see cref="PromptTemplate"/>.</summary>
    /// <value>null.</value>
    public string? Prefix { get; set; }

    /// <summary>What a source is put into, with <c>{source}</c> in its place: "{source}\n\nSummary:". A source that is too long is cut, the rest is not.</summary>
    /// <value>null.</value>
    public string? PromptTemplate { get; set; }

    /// <summary>Whether the source, with its prefix or in its template, is a user's message in the checkpoint's chat template, and the target the answer.</summary>
    /// <value>false.</value>
    public bool UseChatTemplate { get; set; }

    /// <summary>With <see cref="UseChatTemplate"/>: the system's message before the user's.</summary>
    /// <value>null.</value>
    public string? SystemMessage { get; set; }

    private protected override SourceForm Form => new(Prefix, PromptTemplate, UseChatTemplate, SystemMessage);
}
