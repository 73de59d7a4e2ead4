namespace MLNet.Transformers.SequenceToSequence;

/// <summary>What a network reads of a source: the text with a prefix, in a template, or as a message of a conversation.</summary>
internal sealed record SourceForm(string? Prefix, string? PromptTemplate, bool UseChatTemplate, string? SystemMessage)
{
    public const string Place = "{source}";

    public void Validate()
    {
        if (PromptTemplate is not null && !PromptTemplate.Contains(Place, StringComparison.Ordinal))
        {
            throw new ArgumentException($"{nameof(PromptTemplate)} is '{PromptTemplate}'; it must have {Place} where the source is to stand.", nameof(PromptTemplate));
        }
        if (PromptTemplate is not null && Prefix is not null)
        {
            throw new ArgumentException($"{nameof(Prefix)} and {nameof(PromptTemplate)} are both given; give one of them.", nameof(Prefix));
        }
        if (SystemMessage is not null && !UseChatTemplate)
        {
            throw new ArgumentException($"{nameof(SystemMessage)} is given, but {nameof(UseChatTemplate)} is false; set it to true.", nameof(SystemMessage));
        }
    }

    /// <summary>The text that a source becomes.</summary>
    public string Text(string source) => PromptTemplate?.Replace(Place, source, StringComparison.Ordinal) ?? Prefix + source;

    /// <summary>The conversation that a source becomes.</summary>
    public IReadOnlyList<ChatMessage> Messages(string source)
    {
        var message = new ChatMessage("user", Text(source));
        return SystemMessage is null ? [message] : [new ChatMessage("system", SystemMessage), message];
    }
}
