using System.Text.Json;
using MLNet.Transformers.Models.Glm.ChatGlm1;
using MLNet.Transformers.Models.Glm.Glm2022;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Parity.Tokenizers;

/// <summary>Checks the tokenizers of the early GLMs, opened from their folders, and what is derived from their ids: positions, masks, targets, choices.</summary>
internal sealed class GlmInputsParity(JsonElement expected, string shared, Report report)
{
    private static readonly HashSet<string> _fields =
        ["kind", "name", "folder", "note", "versions", "special_ids", "texts", "pairs", "generation", "multiple_choice", "batch"];

    private static readonly HashSet<string> _textFields = ["text", "ids", "ids_no_special", "decoded"];

    private static readonly HashSet<string> _pairFields = ["text", "pair", "ids"];

    private static readonly HashSet<string> _generationFields =
    [
        "text", "texts", "targets", "padding", "ids", "max_gen_length", "input_ids", "position_ids", "generation_attention_mask", "attention_mask", "labels",
    ];

    private static readonly HashSet<string> _choiceFields =
        ["texts", "choices", "input_ids", "position_ids", "attention_mask", "choice_ids", "choice_indices"];

    private static readonly HashSet<string> _batchFields = ["texts", "input_ids", "attention_mask", "position_ids"];

    private static readonly EncodeOptions _plain = new() { AddSpecialTokens = false };

    private readonly TextEncoder _tokenizer = TextEncoder.FromFolder(Path.Combine(shared, expected.Text("folder") ?? ""));

    private int[] BlankIds => [Id("[MASK]"), Id("[sMASK]"), Id("[gMASK]")];

    public void Run()
    {
        report.RefuseUnknown(expected, "expected", _fields);
        foreach (JsonProperty item in expected.Properties("special_ids"))
        {
            report.Equal($"special id {item.Name}", _tokenizer.TokenToId(item.Name), item.Value.GetInt32());
        }
        foreach (JsonElement item in expected.Items("texts"))
        {
            report.Guard(TokenizerParity.Short(item.Text("text")!), () => CheckText(item));
        }
        foreach (JsonElement item in expected.Items("pairs"))
        {
            string name = $"pair {TokenizerParity.Short(item.Text("text")!)}";
            report.RefuseUnknown(item, name, _pairFields);
            report.SequenceEqual($"{name}: ids", _tokenizer.Encode(item.Text("text"), item.Text("pair")).Ids, item.GetProperty("ids").Ints());
        }
        int number = 0;
        foreach (JsonElement item in expected.Items("generation"))
        {
            string name = $"generation {number++}";
            report.Guard(name, () => CheckGeneration(item, name));
        }
        if (expected.TryGetProperty("multiple_choice", out JsonElement choices))
        {
            report.Guard("multiple choice", () => CheckChoices(choices));
        }
        if (expected.TryGetProperty("batch", out JsonElement batch))
        {
            report.Guard("batch", () => CheckBatch(batch));
        }
    }

    private void CheckText(JsonElement item)
    {
        string text = item.Text("text")!;
        string name = TokenizerParity.Short(text);
        report.RefuseUnknown(item, name, _textFields);
        int[] ids = item.GetProperty("ids").Ints();
        report.SequenceEqual($"{name}: ids", _tokenizer.Encode(text).Ids, ids);
        report.SequenceEqual($"{name}: ids without special tokens", _tokenizer.Encode(text, null, _plain).Ids, item.GetProperty("ids_no_special").Ints());
        if (item.Text("decoded") is { } decoded)
        {
            report.Equal($"{name}: decoded", _tokenizer.Decode(ids), decoded);
        }
    }

    private void CheckGeneration(JsonElement item, string name)
    {
        report.RefuseUnknown(item, name, _generationFields);
        string[] texts = item.Text("text") is { } text ? [text] : Texts(item, "texts");
        TokenEncoding[] encodings = [.. texts.Select(one => _tokenizer.Encode(one))];
        if (item.TryGetProperty("ids", out JsonElement ids))
        {
            report.SequenceEqual($"{name}: ids", encodings[0].Ids, ids.Ints());
        }
        BatchEncoding partA = _tokenizer.PadBatch(encodings);
        int longest = item.GetProperty("max_gen_length").GetInt32();
        var special = new BlankTokens(Id("<|startofpiece|>"), Id("<|endofpiece|>"), _tokenizer.PadTokenId!.Value);
        BlankInputs ours = item.TryGetProperty("targets", out _)
            ? BlankInfilling.ForTargets(
                partA.Ids, partA.AttentionMask, [.. Texts(item, "targets").Select(target => _tokenizer.Encode(target, null, _plain).Ids)], BlankIds, special, longest)
            : BlankInfilling.ForGeneration(partA.Ids, partA.AttentionMask, BlankIds, special.StartId, longest);
        CheckInputs(ours, item, name);
        if (item.TryGetProperty("labels", out JsonElement labels))
        {
            report.SequenceEqual($"{name}: labels", ours.Labels!.SelectMany(row => row), Numbers(labels));
        }
    }

    private void CheckChoices(JsonElement item)
    {
        report.RefuseUnknown(item, "multiple choice", _choiceFields);
        BatchEncoding partA = _tokenizer.PadBatch([.. Texts(item, "texts").Select(text => _tokenizer.Encode(text))]);
        int[][][] choices =
        [
            .. item.Items("choices").Select(row => row.EnumerateArray().Select(choice => _tokenizer.Encode(choice.GetString(), null, _plain).Ids).ToArray()),
        ];
        BlankChoices ours = BlankInfilling.ForChoices(partA.Ids, partA.AttentionMask, choices, Id("[MASK]"), Id("<|startofpiece|>"));
        CheckInputs(ours.Inputs, item, "multiple choice");
        report.SequenceEqual("multiple choice: choice ids", Flat(ours.ChoiceIds), Numbers(item.GetProperty("choice_ids")));
        report.SequenceEqual("multiple choice: choice indices", Flat(ours.ChoiceIndices), Numbers(item.GetProperty("choice_indices")));
    }

    private void CheckInputs(BlankInputs ours, JsonElement item, string name)
    {
        report.SequenceEqual($"{name}: input ids", ours.Ids.SelectMany(row => row), Numbers(item.GetProperty("input_ids")));
        report.SequenceEqual($"{name}: positions", Flat(ours.Positions), Numbers(item.GetProperty("position_ids")));
        string mask = item.TryGetProperty("generation_attention_mask", out _) ? "generation_attention_mask" : "attention_mask";
        report.SequenceEqual($"{name}: mask", Flat(ours.Mask), Numbers(item.GetProperty(mask)));
    }

    private void CheckBatch(JsonElement item)
    {
        report.RefuseUnknown(item, "batch", _batchFields);
        var tokens = new ChatGlm1Tokens(Id("<sop>"), Id("[MASK]"), Id("[gMASK]"), _tokenizer.PadTokenId!.Value);
        // Where the texts are not given, the ids without their filling are what was filled up.
        int[][] rows = item.TryGetProperty("texts", out _)
            ? [.. Texts(item, "texts").Select(text => _tokenizer.Encode(text).Ids)]
            : [.. item.Items("input_ids").Select(row => row.Ints().SkipWhile(id => id == tokens.PadId).ToArray())];
        ChatGlm1Batch ours = ChatGlm1Inputs.Pad(rows, tokens);
        report.SequenceEqual("batch: input ids", ours.Ids.SelectMany(row => row), Numbers(item.GetProperty("input_ids")));
        report.SequenceEqual("batch: positions", Flat(ours.Positions), Numbers(item.GetProperty("position_ids")));
        report.SequenceEqual("batch: mask", ours.NotSeen.SelectMany(plane => plane).SelectMany(row => row).Select(flag => flag ? 1 : 0), Numbers(item.GetProperty("attention_mask")));
        TokenEncoding[] encodings = [.. rows.Select(row => _tokenizer.Encode(_tokenizer.Decode(row)))];
        report.SequenceEqual("batch: padded by the tokenizer", _tokenizer.PadBatch(encodings).Ids.SelectMany(row => row), Numbers(item.GetProperty("input_ids")));
    }

    private int Id(string token) => _tokenizer.TokenToId(token) ?? throw new InvalidDataException($"The tokenizer has no token '{token}'.");

    private static string[] Texts(JsonElement item, string name) => [.. item.Items(name).Select(text => text.GetString()!)];

    private static IEnumerable<int> Flat(int[][][] values) => values.SelectMany(plane => plane).SelectMany(row => row);

    // All numbers of a nested list in their order; true counts as 1.
    private static IEnumerable<int> Numbers(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Numbers),
        JsonValueKind.True => [1],
        JsonValueKind.False => [0],
        _ => [element.GetInt32()],
    };
}
