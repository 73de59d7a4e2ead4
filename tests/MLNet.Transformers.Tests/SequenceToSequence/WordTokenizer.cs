using System.Text;
using System.Text.Json.Nodes;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Tests.SequenceToSequence;

/// <summary>Tokenizers of whole words, with the special tokens of every architecture.</summary>
internal static class WordTokenizer
{
    private static readonly string[] _special =
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[sMASK]", "[gMASK]", "<|startofpiece|>", "<|endofpiece|>", "<sop>", "<eop>", "<turn>"];

    /// <summary>The id of a special token.</summary>
    public static int Id(string token) => Array.IndexOf(_special, token);

    /// <param name="texts">All words that are known.</param>
    /// <param name="template">What a text becomes, $ in its place.</param>
    /// <param name="chatTemplate">The chat template, or null.</param>
    /// <param name="more">More special tokens.</param>
    public static TextEncoder Of(IEnumerable<string> texts, string template = "[CLS] $ [SEP]", string? chatTemplate = null, params string[] more)
    {
        string[] special = [.. _special, .. more], words = [.. special, .. texts.SelectMany(text => text.Split(' ')).Distinct()];
        JsonObject Added(string token, int id) => new()
        {
            ["id"] = id, ["content"] = token, ["single_word"] = false, ["lstrip"] = false, ["rstrip"] = false, ["normalized"] = false, ["special"] = true,
        };
        JsonObject Item(string token) => token == "$"
            ? new() { ["Sequence"] = new JsonObject { ["id"] = "A", ["type_id"] = 0 } }
            : new() { ["SpecialToken"] = new JsonObject { ["id"] = token, ["type_id"] = 0 } };
        var json = new JsonObject
        {
            ["version"] = "1.0",
            ["added_tokens"] = new JsonArray([.. special.Select(Added)]),
            ["pre_tokenizer"] = new JsonObject { ["type"] = "WhitespaceSplit" },
            ["post_processor"] = new JsonObject
            {
                ["type"] = "TemplateProcessing", ["single"] = new JsonArray([.. template.Split(' ').Select(Item)]),
                ["pair"] = new JsonArray(Item("$"), new JsonObject { ["Sequence"] = new JsonObject { ["id"] = "B", ["type_id"] = 1 } }),
                ["special_tokens"] = new JsonObject(special.Select((token, id) => KeyValuePair.Create<string, JsonNode?>(
                    token, new JsonObject { ["id"] = token, ["ids"] = new JsonArray(id), ["tokens"] = new JsonArray(token) }))),
            },
            ["decoder"] = new JsonObject { ["type"] = "WordPiece", ["prefix"] = "##", ["cleanup"] = false },
            ["model"] = new JsonObject
            {
                ["type"] = "WordPiece", ["unk_token"] = "[UNK]", ["continuing_subword_prefix"] = "##", ["max_input_chars_per_word"] = 100,
                ["vocab"] = new JsonObject(words.Select((word, id) => KeyValuePair.Create<string, JsonNode?>(word, id))),
            },
        };
        var config = new JsonObject { ["pad_token"] = "[PAD]", ["unk_token"] = "[UNK]", ["cls_token"] = "[CLS]", ["sep_token"] = "[SEP]", ["mask_token"] = "[MASK]" };
        if (chatTemplate is not null)
        {
            config["chat_template"] = chatTemplate;
        }
        return TextEncoder.FromFiles(new Dictionary<string, byte[]>
        {
            ["tokenizer.json"] = Encoding.UTF8.GetBytes(json.ToJsonString()), ["tokenizer_config.json"] = Encoding.UTF8.GetBytes(config.ToJsonString()),
        });
    }
}
