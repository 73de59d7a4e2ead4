using System.Text;
using System.Text.Json;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Tests.Tokenization.ChatTemplates;

/// <summary>Tokenizers with a chat template, and conversations from JSON.</summary>
internal static class Chats
{
    private static readonly string[] _given = ["messages", "tools", "documents", "add_generation_prompt"];

    public static string Folder { get; } = Path.Combine(Shared.RepositoryRoot, "tests", "MLNet.Transformers.Tests", "Tokenization", "ChatTemplates");

    public static TextEncoder WithTemplate(string template, string config = "{}") => FromFiles(("chat_template.jinja", template), ("tokenizer_config.json", config));

    public static TextEncoder FromFiles(params (string Name, string Content)[] files) => TextEncoder.FromFiles(
        files.Select(file => (file.Name, Content: Encoding.UTF8.GetBytes(file.Content))).Append((Name: "vocab.txt", Content: SmallTokenizers.Vocabulary("hi", "you")))
            .ToDictionary(file => file.Name, file => file.Content));

    /// <summary>What a template gives without any message.</summary>
    public static string Render(string template, params (string Name, object? Value)[] variables) => WithTemplate(template).ApplyChatTemplate(
        [], options: new ChatTemplateOptions { Variables = variables.ToDictionary(variable => variable.Name, variable => variable.Value), Clock = new StoppedClock() });

    /// <summary>Renders with variables as a file of cases has them.</summary>
    public static string Render(TextEncoder tokenizer, JsonElement chat, JsonElement variables)
    {
        ChatMessage[] messages = [.. Items(chat, "messages").Select(message => new ChatMessage(message.EnumerateObject().Select(Field)))];
        return tokenizer.ApplyChatTemplate(
            messages, chat.TryGetProperty("add_generation_prompt", out JsonElement add) && add.GetBoolean(),
            new ChatTemplateOptions
            {
                Tools = chat.TryGetProperty("tools", out JsonElement tools) && tools.ValueKind != JsonValueKind.Null ? [.. tools.EnumerateArray().Cast<object>()] : null,
                Variables = variables.EnumerateObject().Where(item => !_given.Contains(item.Name)).ToDictionary(item => item.Name, item => (object?)item.Value),
                Clock = new StoppedClock(),
            });
    }

    private static IEnumerable<JsonElement> Items(JsonElement element, string name) => element.TryGetProperty(name, out JsonElement items) ? items.EnumerateArray() : [];

    private static KeyValuePair<string, object?> Field(JsonProperty property) => new(property.Name, property.Value);

    /// <summary>It is always 6 July 2024, 9:05:03.</summary>
    private sealed class StoppedClock : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => new(2024, 7, 6, 9, 5, 3, TimeSpan.Zero);
    }
}
