using System.Text;
using MLNet.Transformers.Tokenization;
using static MLNet.Transformers.Tests.Tokenization.SmallTokenizers;

namespace MLNet.Transformers.Tests.Tokenization;

/// <summary>Components that come with BPE tokenizers: byte level, marks of words, patterns of Oniguruma, and what is refused.</summary>
public class BpeComponentTests
{
    private const string Gpt2Pattern = @"'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
    private const string Llama3Pattern =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    private static readonly string[] _fragments =
    [
        "a", "Z\u00E9", "'s", "'S", "'\u017F", "'ll", "'Re", "'", " ", "  ", "\t", "\n", "\r\n", "\u00A0", "\u3000", "1", "22", "\u0663", "\u00BD", "\U0001D7D8", ".", "!?", "\U0001F600",
        "\u4E2D\u6587", "\U00020000", "\U0001D4B3", "\u0301", "\u200D", "_",
    ];

    [Theory]
    [InlineData(Gpt2Pattern, "")]
    [InlineData(Llama3Pattern, "|(?!)")]
    public void Words_cut_by_hand_are_those_of_the_pattern(string pattern, string change)
    {
        // A pattern that is written in another way is not known, and runs as a regular expression.
        TextEncoder regex = Cutting($$"""{"type":"Split","pattern":{"Regex":"{{pattern}}{{change}}"},"behavior":"Isolated","invert":false}""");
        TextEncoder byHand = Cutting(change.Length == 0
            ? """{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true}"""
            : $$"""{"type":"Split","pattern":{"Regex":"{{pattern}}"},"behavior":"Isolated","invert":false}""");
        var random = new Random(17);
        for (int i = 0; i < 3000; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => _fragments[random.Next(_fragments.Length)]));

            Assert.Equal(regex.Encode(text).Covered(text), byHand.Encode(text).Covered(text));
        }
    }

    [Theory]
    [InlineData("always", false, "_a_b")]
    [InlineData("always", true, "_a|_b")]
    [InlineData("never", true, "a|_b")]
    [InlineData("first", true, "_a|_b")]
    public void Blanks_become_marks_of_words(string scheme, bool split, string expected)
    {
        string[] words = ["_a_b", "_a", "_b", "a", "b", "x"];
        TextEncoder tokenizer = FromJson(words, ("added_tokens", """[{"id":10,"content":"x"}]"""),
            ("pre_tokenizer", $$"""{"type":"Metaspace","replacement":"_","prepend_scheme":"{{scheme}}","split":{{(split ? "true" : "false")}}}"""));

        Assert.Equal(expected.Split('|'), tokenizer.Encode("a b", null, Plain).Tokens);
        // Behind an added token it is not the beginning of the text.
        Assert.Equal(scheme == "always" ? "_b" : "b", tokenizer.Encode("xb", null, Plain).Tokens[1]);
    }

    [Theory]
    [InlineData("""{"type":"Metaspace","replacement":"_","str_rep":"_","add_prefix_space":true}""", "_a")]
    [InlineData("""{"type":"Metaspace","replacement":"_","add_prefix_space":false}""", "a")]
    public void Older_files_say_add_prefix_space(string preTokenizer, string expected)
    {
        Assert.Equal([expected], FromJson(["a", "_a"], ("pre_tokenizer", preTokenizer)).Encode("a", null, Plain).Tokens);
    }

    [Theory]
    [InlineData("""{"type":"ByteFallback"}""", "\u00E9|\uFFFD\uFFFD|x")]
    [InlineData("""{"type":"Sequence","decoders":[{"type":"ByteFallback"},{"type":"Fuse"}]}""", "\u00E9|\uFFFD\uFFFD|x")]
    public void Bytes_that_are_no_text_are_replaced_one_by_one(string decoder, string expected)
    {
        TextEncoder tokenizer = FromJson(["<0xC3>", "<0xA9>", "|", "x"], ("decoder", decoder));

        Assert.Equal(expected, tokenizer.Decode([5, 6, 7, 5, 5, 7, 8]));
    }

    [Theory]
    [InlineData("always", "a b")]
    [InlineData("never", " a b")]
    public void Marks_of_words_become_blanks(string scheme, string expected)
    {
        TextEncoder tokenizer = FromJson(["_a", "_b"], ("decoder", $$"""{"type":"Metaspace","replacement":"_","prepend_scheme":"{{scheme}}","split":true}"""));

        Assert.Equal(expected, tokenizer.Decode([5, 6]));
    }

    [Theory]
    [InlineData("ab++c", "abbc1", "abbc|1")]
    [InlineData("(?i)s|(?-i)K", "s\u017Fk", "s|\u017F|k")]
    [InlineData("a{,2}b", "aaab", "a|aab")]
    [InlineData("a{2}+b", "aaaab", "aaaab")]
    [InlineData(@"\\h+", "xfg", "x|f|g")]
    [InlineData("(?m)x.y", "x\ny-", "x\ny|-")]
    [InlineData(@"[[:punct:]]", "a$b", "a|$|b")]
    [InlineData("[a-z&&[^b]]+", "abc", "a|b|c")]
    [InlineData("[a[bc]]+", "xabcx", "x|abc|x")]
    [InlineData(@"[^\\W_]+", "ab_c", "ab|_|c")]
    [InlineData(@"\\p{^L}+", "a12b", "a|12|b")]
    [InlineData(@"\\p{Han}+", "a\u4E2D\U00020000b", "a|\u4E2D\U00020000|b")]
    [InlineData("^a|b$", "a\nab\nb", "a|\n|a|b|\n|b")]
    [InlineData("[a-z\U00010400-\U0001044F]+", "A\U00010400b\U0001F600c", "A|\U00010400b|\U0001F600|c")]
    [InlineData("[^\U0001F600]+", "a\U0001F601b\U0001F600", "a\U0001F601b|\U0001F600")]
    [InlineData("\U0001F600{2}", "\U0001F600\U0001F600\U0001F600", "\U0001F600\U0001F600|\U0001F600")]
    [InlineData("(?i)\U00010428", "a\U00010400b", "a|\U00010400|b")]
    [InlineData(@"\\p{Hiragana}+", "\u3042\u3044\u30A2", "\u3042\u3044|\u30A2")]
    [InlineData(@"\\p{Emoji_Presentation}", "a\U0001F600b", "a|\U0001F600|b")]
    [InlineData(@"\\X", "e\u0301\U0001F468\u200D\U0001F469\U0001F1E9\U0001F1EA", "e\u0301|\U0001F468\u200D\U0001F469|\U0001F1E9\U0001F1EA")]
    [InlineData(@"[\\p{L}&&[^\\p{Han}]]+", "a\u4E2D\U00020000b", "a|\u4E2D\U00020000|b")]
    public void Patterns_are_those_of_Oniguruma(string pattern, string text, string expected)
    {
        TextEncoder tokenizer = Cutting($$"""{"type":"Split","pattern":{"Regex":"{{pattern}}"},"behavior":"Isolated","invert":false}""");

        Assert.Equal(expected.Split('|'), tokenizer.Encode(text).Covered(text));
    }

    [Theory]
    [InlineData("ok \U0001F600")]
    [InlineData("a \U0001F44D b")]
    [InlineData("\U0001D6FC")]
    [InlineData("\U0001F1E9\U0001F1EA")]
    [InlineData("\U00020000")]
    public void Characters_beyond_a_class_are_not_cut(string text)
    {
        TextEncoder tokenizer = Cutting("""{"type":"Split","pattern":{"Regex":"[\u4E00-\u9FA5\u0800-\u4E00\uAC00-\uD7FF]+"},"behavior":"Isolated","invert":false}""");

        Assert.Equal([text], tokenizer.Encode(text).Covered(text));
    }

    [Theory]
    [InlineData(@"a\\K", @"the escape '\K'")]
    [InlineData(@"\\p{Klingon}", "the character property 'Klingon'")]
    [InlineData("[z-a]", "the range U+007A to U+0061")]
    [InlineData("(?x)a b", "the group '(?x'")]
    [InlineData(@"(?i)(a)\\1", @"the escape '\1' is not supported where case is ignored")]
    [InlineData("(?~a)", "the group '(?~a'")]
    [InlineData("[a", "'[' without ']'")]
    [InlineData("a)", "')' without '('")]
    [InlineData("(a", "'(' without ')'")]
    public void Patterns_without_a_counterpart_are_refused(string pattern, string said)
    {
        string message = Assert.Throws<TokenizerException>(
            () => Cutting($$"""{"type":"Split","pattern":{"Regex":"{{pattern}}"},"behavior":"Isolated","invert":false}""")).Message;

        Assert.Contains("'pre_tokenizer.pattern' is a regular expression", message, StringComparison.Ordinal);
        Assert.Contains(said, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_that_are_looked_for_as_they_are_may_be_any_character()
    {
        TextEncoder tokenizer = Cutting("""{"type":"CharDelimiterSplit","delimiter":"\uD83D\uDE00"}""");

        Assert.Equal(["a", "b"], tokenizer.Encode("a\U0001F600b").Covered("a\U0001F600b"));
    }

    [Theory]
    [InlineData("pre_tokenizer", """{"type":"Metaspace","replacement":"_","add_prefix_space":false,"prepend_scheme":"always"}""", "'pre_tokenizer.prepend_scheme'", "never")]
    [InlineData("pre_tokenizer", """{"type":"Metaspace","replacement":"_","prepend_scheme":"last"}""", "'pre_tokenizer.prepend_scheme'", "first, never or always")]
    [InlineData("pre_tokenizer", """{"type":"Metaspace","replacement":"__"}""", "'pre_tokenizer.replacement'", "one character")]
    [InlineData("pre_tokenizer", """{"type":"ByteLevel"}""", "'pre_tokenizer.add_prefix_space' is missing")]
    [InlineData("post_processor", """{"type":"Sequence","processors":[{"type":"BertProcessing","sep":["a",0],"cls":["a",0]},{"type":"BertProcessing","sep":["a",0],"cls":["a",0]}]}""", "'post_processor'", "one post-processor")]
    [InlineData("decoder", """{"type":"CTC"}""", "decoder of the type 'CTC'", "BPEDecoder, ByteFallback, ByteLevel")]
    public void Components_that_cannot_be_used_are_named(string key, string json, params string[] said)
    {
        string message = Assert.Throws<TokenizerException>(() => SmallBpe.FromJson(["a"], [], "", (key, json))).Message;

        Assert.All(said.Append("tokenizer.json"), part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"type":"BPE","vocab":{"a":0},"merges":["a b"]}""", "'model.merges[0]' is \"a b\"", "no piece 'b'")]
    [InlineData("""{"type":"BPE","vocab":{"a":0,"b":1},"merges":[["a","b"]]}""", "'model.merges[0]'", "no piece 'ab'")]
    [InlineData("""{"type":"BPE","vocab":{"a":0},"merges":["a"]}""", "'model.merges[0]'", "two pieces")]
    [InlineData("""{"type":"BPE","vocab":{"a":0},"merges":[["a","a","a"]]}""", "'model.merges[0]'", "two pieces")]
    [InlineData("""{"type":"BPE","vocab":{"a":0,"b":0},"merges":[]}""", "the id 0 stands for both 'a' and 'b'")]
    [InlineData("""{"type":"BPE","vocab":["a"],"merges":[]}""", "'model.vocab'", "an object")]
    [InlineData("""{"type":"BPE","vocab":{"a":0},"merges":{}}""", "'model.merges'", "a list")]
    [InlineData("""{"type":"BPE","vocab":{"a":0},"merges":[],"unk_token":"<u>"}""", "unk_token '<u>'")]
    [InlineData("""{"type":"BPE","vocab":{"a":0},"merges":[],"dropout":0.1}""", "'model.dropout' is 0.1", "at random")]
    public void A_broken_model_is_named(string model, params string[] said)
    {
        var files = new Dictionary<string, byte[]> { ["tokenizer.json"] = Encoding.UTF8.GetBytes($"{{\"model\":{model}}}") };

        string message = Assert.Throws<TokenizerException>(() => TextEncoder.FromFiles(files)).Message;

        Assert.All(said.Append("tokenizer.json"), part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"add_bos_token":true,"bos_token":"<s>"}""", "<s>0 a0 <s>1 a1")]
    [InlineData("""{"add_bos_token":true,"add_eos_token":true,"bos_token":"<s>","eos_token":"</s>"}""", "<s>0 a0 </s>0 <s>1 a1 </s>1")]
    [InlineData("""{"add_bos_token":false}""", "a0 a1")]
    [InlineData("{}", "</s>0 a0 a1")]
    public void The_config_has_the_last_word_on_the_tokens_around_a_text(string config, string expected)
    {
        const string File = """
            {"model":{"type":"BPE","vocab":{"a":0,"<s>":1,"</s>":2},"merges":[]},"post_processor":{"type":"TemplateProcessing",
            "single":[{"SpecialToken":{"id":"</s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],
            "pair":[{"SpecialToken":{"id":"</s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}},{"Sequence":{"id":"B","type_id":1}}],
            "special_tokens":{"</s>":{"id":"</s>","ids":[2],"tokens":["</s>"]}}}}
            """;
        TextEncoder tokenizer = TextEncoder.FromFiles(new Dictionary<string, byte[]>
        {
            ["tokenizer.json"] = Encoding.UTF8.GetBytes(File), ["tokenizer_config.json"] = Encoding.UTF8.GetBytes(config),
        });

        TokenEncoding encoding = tokenizer.Encode("a", "a");

        Assert.Equal(expected, string.Join(' ', encoding.Tokens.Zip(encoding.TypeIds, (token, type) => $"{token}{type}")));
    }

    [Theory]
    [InlineData("", "\u0120a")]
    [InlineData("\"add_prefix_space\":false", "a")]
    public void The_config_has_the_last_word_on_the_blank_in_front(string config, string expected)
    {
        string file = $$$"""{"model":{"type":"BPE","vocab":{"a":0,"\u0120":1,"\u0120a":2},"merges":["\u0120 a"]},"pre_tokenizer":{"type":"ByteLevel","add_prefix_space":true,"use_regex":true}}""";
        TextEncoder tokenizer = TextEncoder.FromFiles(new Dictionary<string, byte[]>
        {
            ["tokenizer.json"] = Encoding.UTF8.GetBytes(file), ["tokenizer_config.json"] = Encoding.UTF8.GetBytes($"{{{config}}}"),
        });

        Assert.Equal([expected], tokenizer.Encode("a").Tokens);
    }

    // No word is a piece, and each is one unknown token that covers it.
    private static TextEncoder Cutting(string preTokenizer) => SmallBpe.FromJson(["<u>"], [], "\"unk_token\":\"<u>\",\"fuse_unk\":true,", ("pre_tokenizer", preTokenizer));
}
