using System.Text;
using System.Text.Json;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Tests.Tokenization;

/// <summary>Tokenizers with a handful of pieces, whose results can be worked out by hand.</summary>
internal static class SmallTokenizers
{
    // [PAD]=0, [UNK]=1, [CLS]=2, [SEP]=3, [MASK]=4, then the words of a test.
    private static readonly string[] _special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    public static EncodeOptions Plain { get; } = new() { AddSpecialTokens = false };

    public static byte[] Vocabulary(params string[] pieces) => Encoding.UTF8.GetBytes(string.Concat(_special.Concat(pieces).Select(piece => piece + "\n")));

    public static TextEncoder FromVocabulary(params string[] pieces) => FromVocabulary("{}", pieces);

    /// <param name="config">The tokenizer_config.json beside the vocabulary.</param>
    /// <param name="pieces">The pieces behind the special tokens.</param>
    public static TextEncoder FromVocabulary(string config, string[] pieces) => TextEncoder.FromFiles(new Dictionary<string, byte[]>
    {
        ["vocab.txt"] = Vocabulary(pieces), ["tokenizer_config.json"] = Encoding.UTF8.GetBytes(config),
    });

    /// <summary>A tokenizer.json; parts that are not given are null.</summary>
    /// <param name="pieces">The pieces behind the special tokens.</param>
    /// <param name="parts">Parts of the file as JSON, by key.</param>
    public static TextEncoder FromJson(string[] pieces, params (string Key, string Json)[] parts) =>
        TextEncoder.FromFiles(new Dictionary<string, byte[]> { ["tokenizer.json"] = Json(pieces, parts) });

    public static byte[] Json(string[] pieces, params (string Key, string Json)[] parts)
    {
        string vocabulary = string.Join(',', _special.Concat(pieces).Select((piece, id) => $"{JsonSerializer.Serialize(piece)}:{id}"));
        var keys = new Dictionary<string, string>
        {
            ["added_tokens"] = "[]", ["normalizer"] = "null", ["pre_tokenizer"] = "{\"type\":\"WhitespaceSplit\"}", ["post_processor"] = "null", ["decoder"] = "null",
            ["model"] = $"{{\"type\":\"WordPiece\",\"unk_token\":\"[UNK]\",\"vocab\":{{{vocabulary}}}}}",
        };
        foreach ((string key, string json) in parts)
        {
            keys[key] = json;
        }
        return Encoding.UTF8.GetBytes($"{{{string.Join(',', keys.Select(item => $"\"{item.Key}\":{item.Value}"))}}}");
    }

    /// <summary>What each token covers of the text it came from.</summary>
    public static IEnumerable<string> Covered(this TokenEncoding encoding, string text) => encoding.Offsets.Select(span => text[span.Start..span.End]);
}
