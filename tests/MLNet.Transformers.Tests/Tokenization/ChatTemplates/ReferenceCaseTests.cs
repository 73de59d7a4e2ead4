using System.Text.Json;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Tests.Tokenization.ChatTemplates;

/// <summary>Templates and what Jinja itself made of them.</summary>
public class ReferenceCaseTests
{
    [Theory]
    [InlineData("expressions.json", 400)]
    [InlineData("statements.json", 150)]
    public void Expressions_and_statements_give_what_jinja_gives(string file, int atLeast)
    {
        using JsonDocument document = Open(file);
        JsonElement nothing = JsonSerializer.SerializeToElement(new { });
        JsonElement[] cases = [.. document.RootElement.GetProperty("cases").EnumerateArray()];

        string[] wrong = [.. cases
            .Select(item => Difference(item, () => Chats.Render(Chats.WithTemplate(item.GetProperty("template").GetString()!), nothing, document.RootElement.GetProperty("variables"))))
            .OfType<string>()];

        Assert.Empty(wrong);
        Assert.True(cases.Length >= atLeast);
    }

    [Fact]
    public void Conversations_give_what_jinja_gives()
    {
        using JsonDocument document = Open("conversations.json");
        JsonElement[] chats = [.. document.RootElement.GetProperty("chats").EnumerateArray()];
        JsonElement[] cases = [.. document.RootElement.GetProperty("cases").EnumerateArray()];

        string[] wrong = [.. cases.Select(item => Difference(item, () => Render(item, chats[item.GetProperty("chat").GetInt32()]))).OfType<string>()];

        Assert.Empty(wrong);
        Assert.Equal(4 * chats.Length, cases.Length);
    }

    [Theory]
    [InlineData("llama3-bbpe")]
    [InlineData("glm4-bbpe")]
    public void Golden_conversations_have_the_text_of_the_reference(string name)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Shared.Golden("tokenizers", name, "expected.json")));

        CheckTexts(
            Shared.Golden("tokenizers", name), ["chat_template.jinja", "tokenizer_config.json"], document.RootElement.GetProperty("chat"),
            chat => chat.GetProperty("add_generation_prompt").GetBoolean());
    }

    [Fact]
    public void A_published_models_conversations_have_the_text_of_the_reference()
    {
        Assert.SkipUnless(Shared.Exists, Shared.Missing);
        string folder = Shared.Path("weights", "SmolLM2-135M-Instruct");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "reference.json")));

        CheckTexts(folder, ["chat_template.jinja"], document.RootElement.GetProperty("prompts"), _ => true);
    }

    private static void CheckTexts(string folder, string[] files, JsonElement chats, Func<JsonElement, bool> addGenerationPrompt)
    {
        TextEncoder tokenizer = Chats.FromFiles([.. files.Select(file => (file, File.ReadAllText(Path.Combine(folder, file))))]);
        JsonElement[] conversations = [.. chats.EnumerateArray().Where(chat => chat.GetProperty("messages").ValueKind == JsonValueKind.Array)];

        Assert.NotEmpty(conversations);
        Assert.All(conversations, chat =>
        {
            ChatMessage[] messages = [.. chat.GetProperty("messages").EnumerateArray().Select(message =>
                new ChatMessage(message.EnumerateObject().Select(field => new KeyValuePair<string, object?>(field.Name, field.Value))))];
            Assert.Equal(chat.GetProperty("text").GetString(), tokenizer.ApplyChatTemplate(messages, addGenerationPrompt(chat)));
        });
    }

    private static string Render(JsonElement item, JsonElement chat)
    {
        string template = File.ReadAllText(Path.Combine(Chats.Folder, "templates", item.GetProperty("template").GetString()!));
        TextEncoder tokenizer = Chats.WithTemplate(template, """{"bos_token":"<s>","eos_token":{"content":"</s>"},"pad_token":null}""");
        return Chats.Render(tokenizer, chat, chat.GetProperty("variables"));
    }

    private static string? Difference(JsonElement item, Func<string> render)
    {
        string name = item.GetProperty("template").GetString()!;
        try
        {
            string text = render();
            return item.TryGetProperty("text", out JsonElement expected)
                ? text == expected.GetString() ? null : $"{name}: '{text}', expected '{expected.GetString()}'"
                : $"{name}: '{text}', expected an error";
        }
        catch (ChatTemplateException error)
        {
            // What the template itself says when it refuses must be said again.
            string? said = item.TryGetProperty("fails", out JsonElement fails) ? fails.GetString() : null;
            return said is null || (said.Contains(' ', StringComparison.Ordinal) && !error.Message.Contains(said, StringComparison.Ordinal)) ? $"{name}: {error.Message}" : null;
        }
    }

    private static JsonDocument Open(string file) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Chats.Folder, file)));
}
