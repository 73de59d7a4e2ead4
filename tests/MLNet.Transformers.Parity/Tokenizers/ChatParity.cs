using System.Text.Json;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Parity.Tokenizers;

/// <summary>Checks conversations: the text that the chat template makes of them, and its ids.</summary>
internal sealed class ChatParity(Report report)
{
    private static readonly HashSet<string> _fields = ["messages", "add_generation_prompt", "text", "ids"];

    public void Run(IEnumerable<JsonElement> chats, TextEncoder tokenizer, string source)
    {
        int number = 0;
        foreach (JsonElement chat in chats)
        {
            string name = $"{source}: chat {++number}";
            report.RefuseUnknown(chat, name, _fields);
            report.Guard(name, () => Check(name, chat, chat.GetProperty("add_generation_prompt").GetBoolean(), tokenizer));
        }
    }

    /// <summary>Checks one conversation.</summary>
    /// <param name="name">What the rows are called.</param>
    /// <param name="chat">Has messages, text and ids.</param>
    /// <param name="addGenerationPrompt">Whether the text ends with the beginning of an answer.</param>
    /// <param name="tokenizer">The tokenizer with its template.</param>
    public void Check(string name, JsonElement chat, bool addGenerationPrompt, TextEncoder tokenizer)
    {
        ChatMessage[] messages = [.. chat.Items("messages").Select(Message)];
        report.Equal($"{name}: text", tokenizer.ApplyChatTemplate(messages, addGenerationPrompt), chat.Text("text"));
        report.SequenceEqual($"{name}: ids", tokenizer.EncodeChat(messages, addGenerationPrompt).Ids, chat.GetProperty("ids").Ints());
    }

    private static ChatMessage Message(JsonElement fields) =>
        new(fields.EnumerateObject().Select(field => new KeyValuePair<string, object?>(field.Name, field.Value)));
}
