using MLNet.Transformers.Tokenization.ChatTemplates;

namespace MLNet.Transformers.Tokenization;

/// <content>Conversations as the text that a checkpoint's chat template makes of them.</content>
public sealed partial class TextEncoder
{
    /// <summary>The chat template as its file writes it (Jinja), null where there is none or where all have names.</summary>
    public string? ChatTemplate => _chat.Texts.GetValueOrDefault(ChatTemplateFiles.Default);

    /// <summary>All chat templates by name; the one without a name is <c>default</c>.</summary>
    public IReadOnlyDictionary<string, string> ChatTemplates => _chat.Texts;

    /// <summary>Writes a conversation as one text, in the form that the model was trained on: with the checkpoint's chat template.</summary>
    /// <param name="messages">The messages, the oldest first.</param>
    /// <param name="addGenerationPrompt">Whether the beginning of an answer follows, so that the model writes one.</param>
    /// <param name="options">Tools, documents and further variables; null: none.</param>
    /// <returns>The text with its special tokens: encode it without adding more, as <see cref="EncodeChat"/> does.</returns>
    /// <exception cref="InvalidOperationException">The tokenizer has no chat template.</exception>
    /// <exception cref="ArgumentException">It has none of the wanted name, or a value is of a type that templates have not.</exception>
    /// <exception cref="ChatTemplateException">The template cannot be read or rendered, or refuses the conversation.</exception>
    public string ApplyChatTemplate(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt = false, ChatTemplateOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(messages);
        for (int i = 0; i < messages.Count; i++)
        {
            ArgumentNullException.ThrowIfNull(messages[i], $"{nameof(messages)}[{i}]");
        }
        return _chat.Render(messages, addGenerationPrompt, options ?? ChatTemplateOptions.Default);
    }

    /// <summary>Encodes a conversation: <see cref="ApplyChatTemplate"/>, then <see cref="Encode"/> without special tokens, since the template writes them.</summary>
    /// <param name="messages">The messages, the oldest first.</param>
    /// <param name="addGenerationPrompt">Whether the beginning of an answer follows, so that the model writes one.</param>
    /// <param name="options">Tools, documents and further variables; null: none.</param>
    /// <param name="encode">How the text is encoded; whether special tokens are added is not asked. Null: at full length.</param>
    /// <exception cref="InvalidOperationException">The tokenizer has no chat template.</exception>
    /// <exception cref="ArgumentException">It has none of the wanted name, or a value is of a type that templates have not.</exception>
    /// <exception cref="ChatTemplateException">The template cannot be read or rendered, or refuses the conversation.</exception>
    public TokenEncoding EncodeChat(
        IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt = false, ChatTemplateOptions? options = null, EncodeOptions? encode = null) =>
        Encode(ApplyChatTemplate(messages, addGenerationPrompt, options), null, (encode ?? EncodeOptions.Default) with { AddSpecialTokens = false });
}
