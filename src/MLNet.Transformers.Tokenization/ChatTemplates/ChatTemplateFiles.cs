using System.Text;
using MLNet.Transformers.Tokenization.Formats;

namespace MLNet.Transformers.Tokenization.ChatTemplates;

/// <summary>
/// Where a checkpoint keeps its chat templates: chat_template.jinja and additional_chat_templates/NAME.jinja, else tokenizer_config.json (a text, or a list
/// of names and texts), else chat_template.json, as checkpoints with processors have it (reference: tokenization_utils_base.py).
/// </summary>
internal static class ChatTemplateFiles
{
    public const string Default = "default";
    public const string FileName = "chat_template.jinja";

    private const string JsonFile = "chat_template.json";
    private const string Folder = "additional_chat_templates";
    private const string Extension = ".jinja";
    private const string Key = "chat_template";

    /// <summary>The names of a folder's template files.</summary>
    public static IEnumerable<string> NamesIn(string folder)
    {
        string additional = Path.Combine(folder, Folder);
        IEnumerable<string> named = Directory.Exists(additional) ? Directory.EnumerateFiles(additional, "*" + Extension).Select(path => $"{Folder}/{Path.GetFileName(path)}") : [];
        return [FileName, JsonFile, .. named.Order(StringComparer.Ordinal)];
    }

    /// <summary>What errors say was looked at.</summary>
    public static string Looked => $"'{FileName}', '{Folder}', '{Key}' of '{TokenizerConfig.FileName}', and '{JsonFile}'";

    /// <summary>All templates by name; the nameless one is <see cref="Default"/>.</summary>
    public static IReadOnlyDictionary<string, ChatTemplateText> Read(TokenizerFiles files)
    {
        var templates = new Dictionary<string, ChatTemplateText>(StringComparer.Ordinal);
        foreach (string name in files.Contents.Keys.Where(name => name == FileName || name.StartsWith(Folder + "/", StringComparison.Ordinal)))
        {
            templates[name == FileName ? Default : name[(Folder.Length + 1)..^Extension.Length]] = new(Encoding.UTF8.GetString(files.Get(name)!), files.Label(name));
        }
        foreach (string name in (string[])[TokenizerConfig.FileName, JsonFile])
        {
            if (templates.Count == 0 && files.Json(name)?.Get(Key) is { } node)
            {
                Add(templates, node, files.Label(name));
            }
        }
        return templates;
    }

    private static void Add(Dictionary<string, ChatTemplateText> templates, JsonNode node, string label)
    {
        switch (node.Element.ValueKind)
        {
            case System.Text.Json.JsonValueKind.Array:
                foreach (JsonNode item in node.Items)
                {
                    string name = item.Require("name").Text;
                    templates[name] = new(item.Require("template").Text, $"{label}: {item.Place}");
                }
                break;
            case System.Text.Json.JsonValueKind.Object:
                foreach ((string name, JsonNode text) in node.Properties)
                {
                    templates[name] = new(text.Text, $"{label}: {text.Place}");
                }
                break;
            default:
                templates[Default] = new(node.Text, $"{label}: {node.Place}");
                break;
        }
    }
}
