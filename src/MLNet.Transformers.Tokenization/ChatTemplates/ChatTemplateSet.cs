using MLNet.Transformers.Tokenization.ChatTemplates.Values;
using MLNet.Transformers.Tokenization.Formats;

namespace MLNet.Transformers.Tokenization.ChatTemplates;

/// <summary>The chat templates of a tokenizer. One is read when it is first used, so that a template that cannot be read does no harm to those who need none.</summary>
internal sealed class ChatTemplateSet
{
    private const string ToolUse = "tool_use";

    private static readonly string[] _reserved = ["messages", "tools", "documents", "add_generation_prompt"];

    private readonly Dictionary<string, Lazy<ChatTemplate>> _templates;
    private readonly IReadOnlyDictionary<string, string> _specialTokens;
    private readonly string _files;

    public ChatTemplateSet(TokenizerFiles files, IReadOnlyDictionary<string, string> specialTokens)
    {
        IReadOnlyDictionary<string, ChatTemplateText> texts = ChatTemplateFiles.Read(files);
        _specialTokens = specialTokens;
        _files = string.Join(", ", files.Contents.Keys.Order(StringComparer.Ordinal).Select(name => $"'{files.Label(name)}'"));
        Texts = texts.ToDictionary(item => item.Key, item => item.Value.Text);
        _templates = texts.ToDictionary(item => item.Key, item => new Lazy<ChatTemplate>(() => new ChatTemplate(item.Value)));
    }

    /// <summary>The templates as they are written, by name.</summary>
    public IReadOnlyDictionary<string, string> Texts { get; }

    public string Render(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt, ChatTemplateOptions options)
    {
        ChatTemplate template = Choose(options).Value;
        var variables = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach ((string role, string token) in _specialTokens)
        {
            variables[role] = token;
        }
        foreach ((string name, object? value) in options.Variables ?? new Dictionary<string, object?>())
        {
            variables[name] = !_reserved.Contains(name)
                ? ValueReader.Read(value, $"{nameof(ChatTemplateOptions.Variables)}.{name}")
                : throw new ArgumentException($"{nameof(ChatTemplateOptions.Variables)} has the name '{name}', which is given in another way.");
        }
        variables["messages"] = new ListValue([.. messages.Select((message, i) => ValueReader.Read(message.Fields, $"messages[{i}]"))]);
        variables["tools"] = ValueReader.Read(options.Tools, nameof(options.Tools));
        variables["documents"] = ValueReader.Read(options.Documents, nameof(options.Documents));
        variables["add_generation_prompt"] = addGenerationPrompt;
        return template.Render(variables, options.Clock);
    }

    private Lazy<ChatTemplate> Choose(ChatTemplateOptions options)
    {
        if (_templates.Count == 0)
        {
            throw new InvalidOperationException(
                $"The tokenizer has no chat template: looked for {ChatTemplateFiles.Looked} among the files {_files}.");
        }
        string name = options.Template ?? (options.Tools is not null && _templates.ContainsKey(ToolUse) ? ToolUse : ChatTemplateFiles.Default);
        return _templates.GetValueOrDefault(name) ?? throw new ArgumentException(
            $"The tokenizer has no chat template '{name}'; it has {string.Join(", ", _templates.Keys.Order(StringComparer.Ordinal).Select(known => $"'{known}'"))}. "
            + $"Give one of them as {nameof(ChatTemplateOptions)}.{nameof(ChatTemplateOptions.Template)}.");
    }
}
