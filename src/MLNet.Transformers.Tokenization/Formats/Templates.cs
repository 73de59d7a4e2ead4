using MLNet.Transformers.Tokenization.PostProcessors;

namespace MLNet.Transformers.Tokenization.Formats;

/// <summary>Post-processors of a tokenizer.json, all of which are templates.</summary>
internal static class Templates
{
    private static readonly Dictionary<string, Func<JsonNode, Template>> _byType = new()
    {
        ["TemplateProcessing"] = ReadTemplate,
        ["BertProcessing"] = node => Template.Bert(Special(node.Require("cls")), Special(node.Require("sep"))),
        ["RobertaProcessing"] = ReadRoberta,
        ["ByteLevel"] = node => Template.Plain with { Trims = Trims(node) },
        ["Sequence"] = ReadSequence,
    };

    public static Template Read(JsonNode node)
    {
        string type = node.Require("type").Text;
        return _byType.TryGetValue(type, out Func<JsonNode, Template>? read) ? read(node) : throw Components.Unknown(node, "post-processor", type, _byType.Keys);
    }

    // Of several post-processors one may add tokens; those of the type ByteLevel just trim places.
    private static Template ReadSequence(JsonNode node)
    {
        Template[] parts = [.. node.Require("processors").Items.Select(Read)];
        Template[] templates = [.. parts.Where(part => part.Single != Template.Plain.Single)];
        return templates.Length <= 1
            ? templates.FirstOrDefault(Template.Plain) with { Trims = [.. parts.SelectMany(part => part.Trims)] }
            : throw node.InvalidValue("one post-processor besides those of the type ByteLevel");
    }

    private static Template ReadRoberta(JsonNode node) =>
        Template.Roberta(Special(node.Require("cls")), Special(node.Require("sep"))) with { Trims = Trims(node) };

    private static OffsetTrim[] Trims(JsonNode node) => node.Flag("trim_offsets", true) ? [new OffsetTrim(node.Flag("add_prefix_space", true))] : [];

    // ["[CLS]", 101]
    private static int Special(JsonNode node) => node.Items.ToArray() is [_, var id] ? id.Int : throw node.InvalidValue("a token and its id");

    private static Template ReadTemplate(JsonNode node)
    {
        Dictionary<string, int[]> special = (node.Get("special_tokens")?.Properties ?? [])
            .ToDictionary(item => item.Key, item => item.Value.Require("ids").Items.Select(id => id.Int).ToArray());
        return new Template(Items("single"), Items("pair"));

        TemplateItem[] Items(string key) => [.. node.Require(key).Items.Select(Item)];

        TemplateItem Item(JsonNode item)
        {
            if (item.Get("Sequence") is { } text)
            {
                return TemplateItem.Text(text.Require("id").Text switch { "A" => 0, "B" => 1, _ => throw text.InvalidValue("A or B") }, text.Get("type_id")?.Int ?? 0);
            }
            JsonNode token = item.Require("SpecialToken");
            string name = token.Require("id").Text;
            return special.TryGetValue(name, out int[]? ids)
                ? new TemplateItem(null, ids, token.Get("type_id")?.Int ?? 0)
                : throw token.InvalidValue($"one of {string.Join(", ", special.Keys)}");
        }
    }
}
