using System.Text.Json.Nodes;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Checkpoints.Gguf;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Parity.Checkpoints;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Tests.Checkpoints.Gguf;

public sealed class GgufTokenizerTests : IDisposable
{
    private const string SmolLm = "SmolLM2-135M-Instruct";

    private static readonly string[] _pieces = ["<unk>", "<s>", "</s>", "<0x0A>", "▁", "a", "b", "ab", "▁a", "▁ab", "𝄞a", "𝄞", "<user>"];
    private static readonly int[] _kinds = [2, 3, 3, 6, 1, 1, 1, 1, 1, 1, 1, 1, 4];
    private static readonly float[] _scores = [0, 0, 0, 0, -9, -10, -11, -1, -2, -1, -3, -12, 0];

    private readonly TemporaryFolder _folder = new();

    public GgufTokenizerTests() => NativeBackend.EnsureLoaded();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_trained_model_gives_the_files_that_were_published()
    {
        Assert.SkipUnless(Shared.Exists, Shared.Missing);
        string folder = Shared.Path("weights", SmolLm);
        using GgufContents file = GgufContents.Open(Directory.EnumerateFiles(folder, "*.gguf").Single());
        IReadOnlyDictionary<string, byte[]> files = GgufTokenizer.Files(file.Metadata);

        Assert.True(JsonNode.DeepEquals(Parse(Path.Combine(folder, "tokenizer.json")), JsonNode.Parse(files["tokenizer.json"])));
        JsonObject ours = JsonNode.Parse(files["tokenizer_config.json"])!.AsObject();
        foreach ((string key, JsonNode? value) in Parse(Path.Combine(folder, "tokenizer_config.json")))
        {
            Assert.True(JsonNode.DeepEquals(value, ours[key]), key);
        }
        Assert.Equal(File.ReadAllText(Path.Combine(folder, "chat_template.jinja")), ours["chat_template"]!.GetValue<string>());
        JsonObject config = JsonNode.Parse(GgufConfig.ToJson(file))!.AsObject();
        foreach ((string key, JsonNode? value) in Parse(Path.Combine(folder, "config.json")))
        {
            Assert.True(JsonNode.DeepEquals(value, config[key]), key);
        }
    }

    [Fact]
    public void Merges_of_pieces_follow_their_scores()
    {
        JsonObject json = Tokenizer(SentencePiece());

        Assert.Equal("""[["▁a","b"],["▁","ab"],["a","b"],["▁","a"],["𝄞","a"]]""", Text(json["model"]!["merges"]));
        Assert.Equal("<unk>", json["model"]!["unk_token"]!.GetValue<string>());
        Assert.True(json["model"]!["byte_fallback"]!.GetValue<bool>());
        Assert.Equal([0, 1, 2, 12], json["added_tokens"]!.AsArray().Select(token => token!["id"]!.GetValue<int>()));
        Assert.Equal([true, true, true, false], json["added_tokens"]!.AsArray().Select(token => token!["special"]!.GetValue<bool>()));
        Assert.Equal(
            """{"type":"Sequence","normalizers":[{"type":"Prepend","prepend":"▁"},{"type":"Replace","pattern":{"String":" "},"content":"▁"}]}""", Text(json["normalizer"]));
        Assert.Equal(
            """[{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"<s>","type_id":1}},{"Sequence":{"id":"B","type_id":1}}]""",
            Text(json["post_processor"]!["pair"]));
        Assert.Equal("""{"<s>":{"id":"<s>","ids":[1],"tokens":["<s>"]}}""", Text(json["post_processor"]!["special_tokens"]));
    }

    [Fact]
    public void The_first_blank_goes_and_an_end_comes_where_the_file_says_so()
    {
        JsonObject json = Tokenizer(SentencePiece().With("tokenizer.ggml.add_space_prefix", false).With("tokenizer.ggml.add_bos_token", false).With("tokenizer.ggml.add_eos_token", true));

        Assert.Equal("""[{"type":"Replace","pattern":{"String":" "},"content":"▁"}]""", Text(json["normalizer"]!["normalizers"]));
        Assert.Equal(3, json["decoder"]!["decoders"]!.AsArray().Count);
        Assert.Equal("""[{"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"</s>","type_id":0}}]""", Text(json["post_processor"]!["single"]));
    }

    [Theory]
    [InlineData("llama-bpe", true, true)]
    [InlineData("qwen2", false, false)]
    [InlineData("gpt-2", false, false)]
    [InlineData(null, false, false)]
    public void The_way_to_split_texts_has_a_name(string? pre, bool ignoresMerges, bool begins)
    {
        GgufBytes bytes = ByteLevel();
        JsonObject json = Tokenizer(pre is null ? bytes : bytes.With("tokenizer.ggml.pre", pre));

        Assert.Equal(ignoresMerges, json["model"]!["ignore_merges"]!.GetValue<bool>());
        Assert.Equal(begins ? 2 : 1, json["post_processor"]!["single"]!.AsArray().Count);
        Assert.Equal("""[["Ġ","a"]]""", Text(json["model"]!["merges"]));
        Assert.Equal("ByteLevel", (json["pre_tokenizer"]!["pretokenizers"]?.AsArray()[^1] ?? json["pre_tokenizer"])!["type"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("deepseek-llm", "a 12\U00010400!?\u4E2D\u6587\r\n", "a| |12|\U00010400|!?|\u4E2D\u6587|\r|\n")]
    [InlineData("deepseek-coder", "ab 12\u4E2D!", "ab| |1|2|\u4E2D|!")]
    [InlineData("viking", "ab, 12", "ab|,| |1|2")]
    public void Names_of_pre_tokenizers_of_LLaMA_networks_are_known(string name, string text, string expected)
    {
        JsonObject json = Tokenizer(ByteLevel().With("tokenizer.ggml.pre", name));
        // Each word is one unknown token that covers it.
        JsonArray patterns = json["pre_tokenizer"]!["pretokenizers"]!.AsArray();
        patterns.RemoveAt(patterns.Count - 1);
        json["model"] = new JsonObject { ["type"] = "BPE", ["unk_token"] = "u", ["fuse_unk"] = true, ["vocab"] = new JsonObject { ["u"] = 0 }, ["merges"] = new JsonArray() };
        (json["added_tokens"], json["post_processor"]) = (new JsonArray(), null);
        var tokenizer = TextEncoder.FromFiles(new Dictionary<string, byte[]> { ["tokenizer.json"] = System.Text.Encoding.UTF8.GetBytes(json.ToJsonString()) });

        Assert.Equal(expected.Split('|'), tokenizer.Encode(text).Offsets.Select(span => text[span.Start..span.End]));
    }

    public static TheoryData<string, object, string> Refused => new()
    {
        { "tokenizer.ggml.pre", "martian", "'martian'; expected one of default, gpt-2" },
        { "tokenizer.ggml.model", "bert", "'bert'; expected 'gpt2' or 'llama'" },
        { "tokenizer.ggml.precompiled_charsmap", new byte[] { 1 }, "no such key" },
        { "tokenizer.ggml.remove_extra_whitespaces", true, "no such key" },
        { "tokenizer.ggml.tokens", new[] { "a", "a" }, "has 'a' under the numbers 0 and 1" },
        { "tokenizer.ggml.token_type", new[] { 1 }, "a number from 1 to 6 for each of 4 tokens" },
        { "tokenizer.ggml.token_type", new[] { 1, 1, 1, 7 }, "a number from 1 to 6" },
        { "tokenizer.ggml.merges", new[] { "ab" }, "has 'ab'; expected two tokens with a blank between" },
        { "tokenizer.ggml.eos_token_id", "two", "'two'; expected a number" },
        { "tokenizer.ggml.add_eos_token", true, "a token, as 'tokenizer.ggml.add_eos_token' asks for it" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_cannot_be_used_is_refused_by_name(string key, object value, string expected)
    {
        string message = Assert.Throws<CheckpointException>(() => Tokenizer(ByteLevel(without: key).With(key, value))).Message;

        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.Contains(_folder.File("a.gguf"), message, StringComparison.Ordinal);
    }

    [Fact]
    public void Chat_templates_keep_their_names()
    {
        GgufBytes bytes = ByteLevel().With("tokenizer.chat_template", "one").With("tokenizer.chat_template.tool_use", "two");
        using GgufContents file = GgufContents.Open(_folder.Write("a.gguf", bytes.ToArray()));

        JsonNode config = JsonNode.Parse(GgufTokenizer.Files(file.Metadata)["tokenizer_config.json"])!;

        Assert.Equal("""[{"name":"default","template":"one"},{"name":"tool_use","template":"two"}]""", Text(config["chat_template"]));
        Assert.Equal("b", config["bos_token"]!.GetValue<string>());
    }

    private static JsonObject Parse(string path) => JsonNode.Parse(File.ReadAllBytes(path))!.AsObject();

    private static string Text(JsonNode? node) =>
        node!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }).Replace("\\uD834\\uDD1E", "𝄞", StringComparison.Ordinal);

    private static GgufBytes SentencePiece() => new GgufBytes().With("tokenizer.ggml.model", "llama").With("tokenizer.ggml.tokens", _pieces)
        .With("tokenizer.ggml.token_type", _kinds).With("tokenizer.ggml.scores", _scores).With("tokenizer.ggml.bos_token_id", 1u)
        .With("tokenizer.ggml.eos_token_id", 2u).With("tokenizer.ggml.unknown_token_id", 0u);

    private static GgufBytes ByteLevel(string without = "")
    {
        (string Key, object Value)[] all =
        [
            ("tokenizer.ggml.model", "gpt2"), ("tokenizer.ggml.tokens", new[] { "Ġ", "a", "Ġa", "b" }), ("tokenizer.ggml.merges", new[] { "Ġ a" }),
            ("tokenizer.ggml.bos_token_id", 3u),
        ];
        return all.Where(item => item.Key != without).Aggregate(new GgufBytes(), (bytes, item) => bytes.With(item.Key, item.Value));
    }

    private JsonObject Tokenizer(GgufBytes bytes)
    {
        using GgufContents file = GgufContents.Open(_folder.Write("a.gguf", bytes.ToArray()));
        return JsonNode.Parse(GgufTokenizer.Files(file.Metadata)["tokenizer.json"])!.AsObject();
    }
}
