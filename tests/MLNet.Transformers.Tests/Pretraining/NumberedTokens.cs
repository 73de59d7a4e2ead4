using System.Text;
using System.Text.Json.Nodes;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Tests.Pretraining;

/// <summary>Tokenizers whose tokens are numbers, but for some that have names.</summary>
internal static class NumberedTokens
{
    /// <param name="count">Number of tokens; the token of the id 7 is "7".</param>
    /// <param name="template">What a text becomes, $ in its place; a special token of the second segment has :1 behind it.</param>
    /// <param name="named">Special tokens by their id.</param>
    public static TextEncoder Of(int count, string template, params (int Id, string Token)[] named)
    {
        Dictionary<int, string> special = named.ToDictionary(item => item.Id, item => item.Token);
        string[] tokens = [.. Enumerable.Range(0, count).Select(id => special.GetValueOrDefault(id, $"{id}"))];
        JsonObject Item(string token) => token == "$"
            ? new() { ["Sequence"] = new JsonObject { ["id"] = "A", ["type_id"] = 0 } }
            : new() { ["SpecialToken"] = new JsonObject { ["id"] = token.Split(':')[0], ["type_id"] = token.EndsWith(":1", StringComparison.Ordinal) ? 1 : 0 } };
        var json = new JsonObject
        {
            ["version"] = "1.0",
            ["added_tokens"] = new JsonArray([.. special.Select(item => new JsonObject
            {
                ["id"] = item.Key, ["content"] = item.Value, ["single_word"] = false, ["lstrip"] = false, ["rstrip"] = false, ["normalized"] = false, ["special"] = true,
            })]),
            ["pre_tokenizer"] = new JsonObject { ["type"] = "WhitespaceSplit" },
            ["post_processor"] = new JsonObject
            {
                ["type"] = "TemplateProcessing", ["single"] = new JsonArray([.. template.Split(' ').Select(Item)]),
                ["pair"] = new JsonArray(Item("$"), new JsonObject { ["Sequence"] = new JsonObject { ["id"] = "B", ["type_id"] = 1 } }),
                ["special_tokens"] = new JsonObject(special.Select(item => KeyValuePair.Create<string, JsonNode?>(
                    item.Value, new JsonObject { ["id"] = item.Value, ["ids"] = new JsonArray(item.Key), ["tokens"] = new JsonArray(item.Value) }))),
            },
            ["model"] = new JsonObject
            {
                ["type"] = "WordPiece", ["unk_token"] = tokens[^1], ["continuing_subword_prefix"] = "##", ["max_input_chars_per_word"] = 100,
                ["vocab"] = new JsonObject(tokens.Select((token, id) => KeyValuePair.Create<string, JsonNode?>(token, id))),
            },
        };
        var config = new JsonObject();
        foreach ((string role, string token) in ((string, string)[])[("mask_token", "[MASK]"), ("cls_token", "[CLS]"), ("pad_token", "[PAD]"), ("sep_token", "[SEP]")])
        {
            if (special.ContainsValue(token))
            {
                config[role] = token;
            }
        }
        return TextEncoder.FromFiles(new Dictionary<string, byte[]>
        {
            ["tokenizer.json"] = Encoding.UTF8.GetBytes(json.ToJsonString()), ["tokenizer_config.json"] = Encoding.UTF8.GetBytes(config.ToJsonString()),
        });
    }
}
