using System.Text.Json;
using System.Text.Json.Nodes;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Tests.Tokenization.ChatTemplates;

/// <summary>Where templates come from, which one is used, and what it is given.</summary>
public class ChatApiTests
{
    private const string Echo = "{% for m in messages %}{{ m | tojson }}{% endfor %}";

    [Fact]
    public void A_tokenizer_without_a_template_says_where_it_looked()
    {
        using var folder = new TemporaryFolder();
        folder.Write("vocab.txt", SmallTokenizers.Vocabulary("hi"));
        TextEncoder tokenizer = TextEncoder.FromFolder(folder.Folder);

        string message = Assert.Throws<InvalidOperationException>(() => tokenizer.ApplyChatTemplate([new ChatMessage("user", "hi")])).Message;

        Assert.Null(tokenizer.ChatTemplate);
        Assert.Empty(tokenizer.ChatTemplates);
        Assert.All(
            ["has no chat template", "'chat_template.jinja'", "'chat_template' of 'tokenizer_config.json'", "'chat_template.json'", folder.File("vocab.txt")],
            part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_of_its_own_comes_before_the_configs()
    {
        (string, string) config = ("tokenizer_config.json", """{"chat_template":"from config"}""");
        (string, string) json = ("chat_template.json", """{"chat_template":"from json"}""");

        Assert.Equal("from file", Chats.FromFiles(config, json, ("chat_template.jinja", "from file")).ChatTemplate);
        Assert.Equal("from config", Chats.FromFiles(config, json).ApplyChatTemplate([]));
        Assert.Equal("from json", Chats.FromFiles(json).ApplyChatTemplate([]));
    }

    [Fact]
    public void Tools_choose_the_template_for_tools()
    {
        TextEncoder tokenizer = Chats.FromFiles(("tokenizer_config.json",
            """{"chat_template":[{"name":"default","template":"D{{ tools }}"},{"name":"tool_use","template":"T{{ tools }}"},{"name":"rag","template":"R{{ documents }}"}]}"""));

        Assert.Equal("DNone", tokenizer.ApplyChatTemplate([]));
        Assert.Equal("T[]", tokenizer.ApplyChatTemplate([], options: new ChatTemplateOptions { Tools = [] }));
        Assert.Equal("D[]", tokenizer.ApplyChatTemplate([], options: new ChatTemplateOptions { Tools = [], Template = "default" }));
        Assert.Equal("R['x']", tokenizer.ApplyChatTemplate([], options: new ChatTemplateOptions { Documents = ["x"], Template = "rag" }));
        Assert.Equal("D{{ tools }}", tokenizer.ChatTemplate);
        Assert.Equal(["default", "rag", "tool_use"], tokenizer.ChatTemplates.Keys.Order(StringComparer.Ordinal));
        string message = Assert.Throws<ArgumentException>(() => tokenizer.ApplyChatTemplate([], options: new ChatTemplateOptions { Template = "none" })).Message;
        Assert.Contains("no chat template 'none'; it has 'default', 'rag', 'tool_use'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Named_templates_lie_in_a_folder_and_are_saved_with_the_tokenizer()
    {
        using var folder = new TemporaryFolder();
        folder.Write("vocab.txt", SmallTokenizers.Vocabulary("hi"));
        folder.Write("chat_template.jinja", "{{ 1 }}\r\n\r\n");
        Directory.CreateDirectory(folder.File("additional_chat_templates"));
        folder.Write(Path.Combine("additional_chat_templates", "tool_use.jinja"), "tools\n{{ nope. }}");

        TextEncoder.FromFolder(folder.Folder).Save(folder.File("copy"));
        TextEncoder tokenizer = TextEncoder.FromFolder(folder.File("copy"));

        Assert.Equal("1\n", tokenizer.ApplyChatTemplate([]));
        // A template that cannot be read harms only those who use it.
        string message = Assert.Throws<ChatTemplateException>(() => tokenizer.ApplyChatTemplate([], options: new ChatTemplateOptions { Template = "tool_use" })).Message;
        Assert.Contains("tool_use.jinja', line 2: ", message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_template_writes_the_special_tokens()
    {
        TextEncoder tokenizer = Chats.WithTemplate(
            "{{ cls_token }}{% for m in messages %}{{ m.content }}{{ sep_token }}{% endfor %}{{ 'you' if add_generation_prompt }}{{ bos_token }}",
            """{"cls_token":"[CLS]","sep_token":{"content":"[SEP]"},"bos_token":null}""");

        Assert.Equal("[CLS]hi[SEP]", tokenizer.ApplyChatTemplate([new ChatMessage("user", "hi")]));
        Assert.Equal([2, 5, 3, 6], tokenizer.EncodeChat([new ChatMessage("user", "hi")], addGenerationPrompt: true).Ids);
        Assert.Equal([2, 5], tokenizer.EncodeChat([new ChatMessage("user", "hi")], encode: new EncodeOptions { MaxTokens = 2 }).Ids);
        Assert.Equal("hi[SEP]", tokenizer.ApplyChatTemplate(
            [new ChatMessage("user", "hi")], options: new ChatTemplateOptions { Variables = new Dictionary<string, object?> { ["cls_token"] = "" } }));
    }

    [Fact]
    public void Messages_keep_their_fields_in_order()
    {
        TextEncoder tokenizer = Chats.WithTemplate(Echo);
        ChatMessage calls = new ChatMessage("assistant", null)
            .WithToolCall("sum", new Dictionary<string, object?> { ["a"] = 1, ["b"] = 2.0, ["c"] = null })
            .WithToolCall("show", "{}", "id-2");

        Assert.Equal("""{"role": "user", "content": "\"é\""}""", tokenizer.ApplyChatTemplate([new ChatMessage("user", "\"é\"")]));
        Assert.Equal("""{"role": "tool", "content": "3", "name": "sum"}""", tokenizer.ApplyChatTemplate([new ChatMessage("tool", "3").With("name", "sum")]));
        Assert.Equal(
            """{"role": "assistant", "tool_calls": [{"type": "function", "function": {"name": "sum", "arguments": {"a": 1, "b": 2.0, "c": null}}}, """
            + """{"type": "function", "id": "id-2", "function": {"name": "show", "arguments": "{}"}}]}""",
            tokenizer.ApplyChatTemplate([calls]));
        Assert.Throws<ArgumentException>(() => new ChatMessage(new Dictionary<string, object?> { ["content"] = "x" }));
    }

    [Fact]
    public void Json_of_all_kinds_and_numbers_of_all_types_are_read()
    {
        using JsonDocument document = JsonDocument.Parse("""{"a": [1, 1.0, 12345678901234567890, 1e3, true, null, "x"]}""");

        Assert.Equal("{'a': [1, 1.0, 12345678901234567890, 1000.0, True, None, 'x']}", Chats.Render("{{ x }}", ("x", document.RootElement)));
        Assert.Equal("{'a': [1, 'y']}", Chats.Render("{{ x }}", ("x", new JsonObject { ["a"] = new JsonArray(1, "y") })));
        Assert.Equal("[1, 2, 0.1, 1.5, 'c', {'k': 'v'}]", Chats.Render("{{ x }}",
            ("x", new object[] { (byte)1, 2L, 0.1f, 1.5m, 'c', new Dictionary<string, string> { ["k"] = "v" } })));
    }

    [Fact]
    public void One_template_serves_many_threads()
    {
        TextEncoder tokenizer = Chats.WithTemplate("{% set ns = namespace(n=0) %}{% for i in range(n) %}{% set ns.n = ns.n + i %}{% endfor %}{{ ns.n }}");
        var results = new string[100];

        Parallel.For(0, results.Length, n => results[n] = tokenizer.ApplyChatTemplate([], options: new ChatTemplateOptions { Variables = new Dictionary<string, object?> { ["n"] = n } }));

        Assert.Equal(Enumerable.Range(0, 100).Select(n => $"{n * (n - 1) / 2}"), results);
    }
}
