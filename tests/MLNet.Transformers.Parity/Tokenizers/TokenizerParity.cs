using System.Text.Json;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Parity.Tokenizers;

/// <summary>Checks a folder with tokenizer files against the figures of the reference: from tokenizer.json, and from the model's own files.</summary>
internal sealed class TokenizerParity(string folder, Report report)
{
    private static readonly HashSet<string> _rootFields =
    [
        "kind", "set", "made_with", "slow_class", "fast_class", "note", "config", "vocab_size", "len", "special_ids", "encode", "pairs", "truncation",
        "batch_pad_right", "batch_pad_left", "batch_pad_max_length", "overflow", "split_regex", "chat",
    ];

    private static readonly HashSet<string> _textFields =
    [
        "text", "ids", "ids_no_special", "tokens", "offsets", "special_tokens_mask", "word_ids", "decoded", "decoded_skip_special", "decoded_default",
        "slow_ids", "slow_decoded_skip_special",
    ];

    private static readonly string[] _sentencePieceFiles = ["spiece.model", "tokenizer.model"];

    private static readonly HashSet<string> _pairFields = ["text", "pair", "ids", "token_type_ids", "sequence_ids", "slow_ids"];

    private static readonly string[] _ownFiles = ["vocab.txt", "vocab.json"];

    // Whether the keys that begin with slow_ count where they stand: they are those of the reference's classes that read a model's own files. This
    // library reads vocab.txt as the reference does since its fifth version, in which the plain keys hold for it too.
    private bool _ownClass;

    public void Run(JsonElement expected)
    {
        report.RefuseUnknown(expected, "expected.json", _rootFields);
        report.Guard("from the folder", () => Check(expected, TextEncoder.FromFolder(folder), "tokenizer.json"));
        foreach (string name in _ownFiles.Where(name => File.Exists(Path.Combine(folder, name))))
        {
            _ownClass = name != "vocab.txt";
            report.Guard(name, () => Check(expected, FromOwnFiles(), name));
        }
        CheckSentencePiece(expected);
    }

    // The model's own files, where they are a SentencePiece model.
    private void CheckSentencePiece(JsonElement expected)
    {
        foreach (string name in _sentencePieceFiles.Where(name => expected.Text("slow_class") is not null && File.Exists(Path.Combine(folder, name))))
        {
            report.Guard(name, () => new OwnFilesParity(FromOwnFiles(), name, report).Run(expected));
        }
    }

    private TextEncoder FromOwnFiles() => TextEncoder.FromFiles(Directory.EnumerateFiles(folder)
        .Where(path => Path.GetFileName(path) is not ("tokenizer.json" or "expected.json"))
        .ToDictionary(path => Path.GetFileName(path), File.ReadAllBytes));

    private void Check(JsonElement expected, TextEncoder tokenizer, string source)
    {
        if (expected.TryGetProperty("len", out JsonElement count))
        {
            report.Equal($"{source}: number of tokens", tokenizer.VocabularySize, count.GetInt32());
        }
        CheckSpecialIds(expected, tokenizer, source);
        foreach (JsonElement item in expected.Items("encode"))
        {
            CheckText(item, tokenizer, source);
        }
        foreach (JsonElement item in expected.Items("pairs"))
        {
            CheckPair(item, tokenizer, source);
        }
        foreach (JsonElement item in expected.Items("truncation"))
        {
            CheckTruncation(item, tokenizer, source);
        }
        CheckBatch(expected, "batch_pad_right", tokenizer, source, Side.Right);
        CheckBatch(expected, "batch_pad_left", tokenizer, source, Side.Left);
        CheckBatch(expected, "batch_pad_max_length", tokenizer, source, Side.Right);
        if (expected.TryGetProperty("overflow", out JsonElement overflow))
        {
            // Since 0.23 the reference's windows end where the text is read no further (its issue 2091).
            bool stopsEarly = expected.TryGetProperty("made_with", out JsonElement with) && with.Text("tokenizers")?.StartsWith("0.23", StringComparison.Ordinal) == true;
            CheckOverflow(overflow, tokenizer, source, stopsEarly);
        }
        new ChatParity(report).Run(expected.Items("chat"), tokenizer, source);
    }

    private void CheckSpecialIds(JsonElement expected, TextEncoder tokenizer, string source)
    {
        foreach (JsonProperty item in expected.Properties("special_ids").Where(item => item.Value.ValueKind == JsonValueKind.Number))
        {
            int? ours = item.Name switch
            {
                "pad_token" => tokenizer.PadTokenId,
                "unk_token" => tokenizer.UnknownTokenId,
                "cls_token" => tokenizer.ClassTokenId,
                "sep_token" => tokenizer.SeparatorTokenId,
                "mask_token" => tokenizer.MaskTokenId,
                "bos_token" => tokenizer.BeginTokenId,
                "eos_token" => tokenizer.EndTokenId,
                _ => null,
            };
            report.Equal($"{source}: {item.Name}", ours, item.Value.GetInt32());
        }
    }

    private void CheckText(JsonElement item, TextEncoder tokenizer, string source)
    {
        string text = item.Text("text")!;
        string name = $"{source}: {Short(text)}";
        report.RefuseUnknown(item, name, _textFields);
        if (_ownClass && item.TryGetProperty("slow_ids", out JsonElement slowIds))
        {
            report.SequenceEqual($"{name}: slow ids", tokenizer.Encode(text).Ids, slowIds.Ints());
            report.Equal($"{name}: slow decoded", tokenizer.Decode(slowIds.Ints(), skipSpecialTokens: true, cleanUp: false),
                item.Text("slow_decoded_skip_special") ?? item.Text("decoded_skip_special"));
            return;
        }
        TokenEncoding ours = tokenizer.Encode(text);
        var codePoints = new CodePoints(text);
        int[] ids = item.GetProperty("ids").Ints();
        report.SequenceEqual($"{name}: ids", ours.Ids, ids);
        report.SequenceEqual($"{name}: ids without special tokens", tokenizer.Encode(text, null, new EncodeOptions { AddSpecialTokens = false }).Ids, item.GetProperty("ids_no_special").Ints());
        report.SequenceEqual($"{name}: tokens", ours.Tokens, item.Items("tokens").Select(token => token.GetString()!));
        report.SequenceEqual($"{name}: offsets", ours.Offsets.Select(codePoints.Convert), Spans(item.GetProperty("offsets")));
        report.SequenceEqual($"{name}: special tokens", ours.SpecialTokensMask, item.GetProperty("special_tokens_mask").Ints());
        report.SequenceEqual($"{name}: words", ours.WordIds, Optional(item.GetProperty("word_ids")));
        report.Equal($"{name}: decoded", tokenizer.Decode(ids, skipSpecialTokens: false, cleanUp: false), item.Text("decoded"));
        report.Equal($"{name}: decoded without special tokens", tokenizer.Decode(ids, skipSpecialTokens: true, cleanUp: false),
            (_ownClass ? item.Text("slow_decoded_skip_special") : null) ?? item.Text("decoded_skip_special"));
        report.Equal($"{name}: decoded by default", tokenizer.Decode(ids), item.Text("decoded_default"));
    }

    private void CheckPair(JsonElement item, TextEncoder tokenizer, string source)
    {
        string name = $"{source}: pair {Short(item.Text("text")!)}";
        report.RefuseUnknown(item, name, _pairFields);
        if (_ownClass && item.TryGetProperty("slow_ids", out JsonElement slowIds))
        {
            report.SequenceEqual($"{name}: slow ids", tokenizer.Encode(item.Text("text"), item.Text("pair")).Ids, slowIds.Ints());
            return;
        }
        TokenEncoding ours = tokenizer.Encode(item.Text("text"), item.Text("pair"));
        report.SequenceEqual($"{name}: ids", ours.Ids, item.GetProperty("ids").Ints());
        if (item.TryGetProperty("token_type_ids", out JsonElement types))
        {
            report.SequenceEqual($"{name}: type ids", ours.TypeIds, types.Ints());
        }
        report.SequenceEqual($"{name}: texts", ours.SequenceIds, Optional(item.GetProperty("sequence_ids")));
    }

    private void CheckTruncation(JsonElement item, TextEncoder tokenizer, string source)
    {
        var options = new EncodeOptions { MaxTokens = item.GetProperty("max_length").GetInt32(), Truncation = Strategy(item.Text("strategy")!) };
        report.SequenceEqual($"{source}: truncation {item.Text("strategy")}",
            tokenizer.Encode(item.Text("text"), item.Text("pair"), options).Ids, item.GetProperty("ids").Ints());
    }

    private void CheckBatch(JsonElement expected, string key, TextEncoder tokenizer, string source, Side side)
    {
        if (!expected.TryGetProperty(key, out JsonElement item))
        {
            return;
        }
        int length = item.GetProperty("max_length").GetInt32();
        TokenEncoding[] encodings = [.. item.Items("texts").Select(text => tokenizer.Encode(text.GetString(), null, new EncodeOptions { MaxTokens = length }))];
        BatchEncoding batch = tokenizer.PadBatch(encodings, key == "batch_pad_max_length" ? length : null, side);
        Rows("ids", batch.Ids, "input_ids");
        Rows("type ids", batch.TypeIds, "token_type_ids");
        Rows("mask", batch.AttentionMask, "attention_mask");

        void Rows(string what, int[][] ours, string field)
        {
            if (item.TryGetProperty(field, out JsonElement rows))
            {
                report.SequenceEqual($"{source}: {key}: {what}", ours.SelectMany(row => row), rows.EnumerateArray().SelectMany(row => row.Ints()));
            }
        }
    }

    private void CheckOverflow(JsonElement item, TextEncoder tokenizer, string source, bool stopsEarly)
    {
        var options = new EncodeOptions
        {
            MaxTokens = item.GetProperty("max_length").GetInt32(), Stride = item.GetProperty("stride").GetInt32(), Truncation = Strategy(item.Text("truncation")!),
            StopAtMaxTokens = stopsEarly,
        };
        string text = item.Text("text")!;
        string pair = item.Text("pair")!;
        IReadOnlyList<TokenEncoding> windows = tokenizer.EncodeWindows(text, pair, options);
        report.SequenceEqual($"{source}: windows: ids", windows.SelectMany(window => window.Ids), item.Items("input_ids").SelectMany(row => row.Ints()));
        report.SequenceEqual($"{source}: windows: texts", windows.SelectMany(window => window.SequenceIds), item.Items("sequence_ids").SelectMany(Optional));
        CodePoints[] codePoints = [new(text), new(pair)];
        report.SequenceEqual($"{source}: windows: offsets",
            windows.SelectMany(window => window.Offsets.Select((span, i) => codePoints[window.SequenceIds[i] ?? 0].Convert(span))),
            item.Items("offsets").SelectMany(Spans));
    }

    internal static IEnumerable<string> Spans(JsonElement spans) =>
        spans.EnumerateArray().Select(span => span.Ints() is [var start, var end] ? $"{start}-{end}" : "?");

    internal static string Short(string text) => JsonSerializer.Serialize(text.Length > 24 ? text[..24] + "…" : text);

    internal static IEnumerable<int?> Optional(JsonElement items) =>
        items.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.Null ? (int?)null : item.GetInt32());

    internal static TruncationStrategy Strategy(string name) => name switch
    {
        "longest_first" => TruncationStrategy.LongestFirst,
        "only_first" => TruncationStrategy.OnlyFirst,
        "only_second" => TruncationStrategy.OnlySecond,
        _ => throw new InvalidDataException($"The fixture has the unknown truncation '{name}'."),
    };
}
