using MLNet.Transformers.Text;

namespace MLNet.Transformers.SequenceToSequence;

/// <summary>What a network reads of a source: the text with a prefix, in a template, or as a message of a conversation.</summary>
internal sealed record SourceForm(string? Prefix, string? PromptTemplate, bool UseChatTemplate, string? SystemMessage) : ISourceForm
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

    public string Text(TextRow row) => PromptTemplate?.Replace(Place, row.Text, StringComparison.Ordinal) ?? Prefix + row.Text;

    public IReadOnlyList<ChatMessage>? Messages(TextRow row)
    {
        if (!UseChatTemplate)
        {
            return null;
        }
        var message = new ChatMessage("user", Text(row));
        return SystemMessage is null ? [message] : [new ChatMessage("system", SystemMessage), message];
    }
}
