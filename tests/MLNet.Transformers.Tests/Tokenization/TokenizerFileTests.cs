using System.Text;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.Tokenization;
using static MLNet.Transformers.Tests.Tokenization.SmallTokenizers;

namespace MLNet.Transformers.Tests.Tokenization;

/// <summary>Reading and writing tokenizer files: where they lie, which one counts, and what is said of a broken one.</summary>
public class TokenizerFileTests
{
    [Fact]
    public void A_folder_without_a_tokenizer_says_what_was_looked_for()
    {
        using var folder = new TemporaryFolder();

        string message = Assert.Throws<TokenizerException>(() => TextEncoder.FromFolder(folder.Folder)).Message;

        Assert.Contains(folder.Folder, message, StringComparison.Ordinal);
        Assert.Contains("'tokenizer.json'", message, StringComparison.Ordinal);
        Assert.Contains("'vocab.txt'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_folder_or_file_is_named()
    {
        string missing = Path.Combine(Path.GetTempPath(), "no-such-tokenizer");

        Assert.Contains(missing, Assert.Throws<TokenizerException>(() => TextEncoder.FromFolder(missing)).Message, StringComparison.Ordinal);
        Assert.Contains(missing, Assert.Throws<TokenizerException>(() => TextEncoder.FromFile(missing)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tokenizer.json", "{\"model\": }", "tokenizer.json", "not valid JSON", "LineNumber: 0")]
    [InlineData("tokenizer.json", "[]", "tokenizer.json", "not a JSON object")]
    [InlineData("tokenizer.json", "{}", "tokenizer.json", "'model' is missing")]
    [InlineData("tokenizer.json", """{"model":{"type":"WordPiece","unk_token":"u","vocab":{"u":0,"a":1,"b":1}}}""", "id 1", "'a'", "'b'")]
    [InlineData("tokenizer.json", """{"model":{"type":"WordPiece","unk_token":"u","vocab":{"u":0,"a":"1"}}}""", "model.vocab.a", "\"1\"", "whole number")]
    [InlineData("tokenizer.json", """{"model":{"type":"WordPiece","unk_token":"u","vocab":{"a":0}}}""", "1 pieces", "unk_token 'u'")]
    [InlineData("tokenizer.json", """{"model":{"type":"Sandwich","vocab":{}}}""", "'model'", "'Sandwich'", "Known are", "WordPiece")]
    [InlineData("tokenizer.json", """{"model":{"merges":[],"vocab":{}}}""", "'model.vocab'", "at least one piece")]
    [InlineData("vocab.txt", "a\nb\n", "vocab.txt", "2 pieces", "unk_token '[UNK]'")]
    [InlineData("vocab.txt", "[UNK]\n[CLS]\n", "vocab.txt", "sep_token '[SEP]'")]
    [InlineData("vocab.txt", "", "vocab.txt", "0 pieces")]
    public void A_broken_file_is_named_with_what_is_wrong(string name, string content, params string[] said)
    {
        using var folder = new TemporaryFolder();
        folder.Write(name, content);

        string message = Assert.Throws<TokenizerException>(() => TextEncoder.FromFolder(folder.Folder)).Message;

        Assert.All(said.Append(folder.File(name)), part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("normalizer", """{"type":"Upside"}""", "normalizer of the type 'Upside'", "BertNormalizer, ByteLevel, Lowercase, NFC")]
    [InlineData("normalizer", """{"type":"Sequence","normalizers":[{"type":"NFC"},{"type":"Upside"}]}""", "'normalizer.normalizers[1]'", "'Upside'")]
    [InlineData("pre_tokenizer", """{"type":"Upside"}""", "pre-tokenizer of the type 'Upside'", "BertPreTokenizer, ByteLevel, CharDelimiterSplit, Digits")]
    [InlineData("post_processor", """{"type":"Upside"}""", "post-processor of the type 'Upside'", "BertProcessing, ByteLevel, RobertaProcessing")]
    [InlineData("decoder", """{"type":"Upside"}""", "decoder of the type 'Upside'", "Fuse, Metaspace, Replace")]
    [InlineData("normalizer", """{"type":"Replace","pattern":{"Regex":"("},"content":""}""", "'normalizer.pattern'", "regular expression")]
    [InlineData("pre_tokenizer", """{"type":"Split","pattern":{"String":" "},"behavior":"Chop"}""", "'pre_tokenizer.behavior'", "Removed, Isolated")]
    [InlineData("added_tokens", """[{"content":"x"}]""", "'added_tokens[0].id' is missing")]
    [InlineData("post_processor", """{"type":"BertProcessing","sep":["[SEP]"],"cls":["[CLS]",2]}""", "'post_processor.sep'", "a token and its id")]
    [InlineData("post_processor", """{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<s>","type_id":0}}],"pair":[],"special_tokens":{}}""", "post_processor.single[0]")]
    public void A_component_that_cannot_be_used_is_named(string key, string json, params string[] said)
    {
        string message = Assert.Throws<TokenizerException>(() => FromJson(["a"], (key, json))).Message;

        Assert.All(said.Append("tokenizer.json"), part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"do_lower_case":"yes"}""", "'do_lower_case' is \"yes\"; expected true or false")]
    [InlineData("""{"padding_side":"middle"}""", "'padding_side'")]
    [InlineData("""{"model_max_length":"long"}""", "'model_max_length'")]
    [InlineData("""{"added_tokens_decoder":{"five":{"content":"x"}}}""", "added_tokens_decoder.five")]
    public void A_broken_config_is_named(string config, string said)
    {
        string message = Assert.Throws<TokenizerException>(() => FromVocabulary(config, ["a"])).Message;

        Assert.Contains("tokenizer_config.json", message, StringComparison.Ordinal);
        Assert.Contains(said, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tokenizer_json_comes_before_vocab_txt()
    {
        using var folder = new TemporaryFolder();
        folder.Write("vocab.txt", Vocabulary("from-text"));
        folder.Write("tokenizer.json", Json(["from-json"]));

        Assert.Equal(5, TextEncoder.FromFolder(folder.Folder).TokenToId("from-json"));
    }

    [Fact]
    public void Settings_fill_in_for_a_file_that_stands_alone()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("my-pieces.txt", "<u>\n<c>\n<s>\nA\na\n\u00E9\n\u6211\u559C\n");
        var settings = new TokenizerSettings
        {
            Lowercase = false, StripAccents = false, ChineseCharacters = false, ModelMaxLength = 128,
            SpecialTokens = new Dictionary<string, string> { ["unk_token"] = "<u>", ["cls_token"] = "<c>", ["sep_token"] = "<s>" },
        };

        TextEncoder tokenizer = TextEncoder.FromFile(path, settings);

        Assert.Equal([1, 3, 4, 5, 6, 0, 2], tokenizer.Encode("A a \u00E9 \u6211\u559C zzz").Ids);
        Assert.Equal(128, tokenizer.ModelMaxLength);
        // The files of the tokenizer make the same one again.
        Assert.Equal([1, 3, 2], TextEncoder.FromFiles(tokenizer.Files).Encode("A").Ids);
    }

    [Theory]
    [InlineData("{}", null)]
    [InlineData("""{"model_max_length":512}""", 512)]
    [InlineData("""{"model_max_length":1000000000000000019884624838656}""", null)]
    public void The_largest_number_of_python_means_no_limit(string config, int? expected)
    {
        Assert.Equal(expected, FromVocabulary(config, ["a"]).ModelMaxLength);
    }

    [Fact]
    public void Doubled_pieces_blank_lines_and_windows_line_ends_are_read_as_the_reference_reads_them()
    {
        byte[] vocabulary = Encoding.UTF8.GetBytes("[UNK]\r\n[CLS]\r\n[SEP]\r\na\r\n\r\na\r\n");

        TextEncoder tokenizer = TextEncoder.FromFiles(new Dictionary<string, byte[]> { ["vocab.txt"] = vocabulary });

        Assert.Equal(5, tokenizer.TokenToId("a"));
        Assert.Equal([1, 5, 2], tokenizer.Encode("a").Ids);
        Assert.Equal(5, tokenizer.MaxId);
    }

    [Fact]
    public void Saved_files_are_the_files_that_were_read()
    {
        using var folder = new TemporaryFolder();
        string source = Shared.Golden("tokenizers", "bert-uncased");
        TextEncoder tokenizer = TextEncoder.FromFolder(source);

        tokenizer.Save(folder.File("copy"));
        tokenizer.Save(folder.File("copy"));

        string[] names = [.. Directory.EnumerateFiles(folder.File("copy")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        Assert.Equal(["special_tokens_map.json", "tokenizer.json", "tokenizer_config.json", "vocab.txt"], names);
        Assert.All(names, name => Assert.Equal(File.ReadAllBytes(Path.Combine(source, name)), File.ReadAllBytes(folder.File(Path.Combine("copy", name)))));
        Assert.Equal(tokenizer.Encode("Caf\u00E9!").Ids, TextEncoder.FromFolder(folder.File("copy")).Encode("Caf\u00E9!").Ids);
    }

    [Fact]
    public void Changing_the_files_that_were_given_does_not_change_the_tokenizer()
    {
        var files = new Dictionary<string, byte[]> { ["vocab.txt"] = Vocabulary("a") };
        TextEncoder tokenizer = TextEncoder.FromFiles(files);

        files.Clear();

        Assert.Equal(["vocab.txt"], tokenizer.Files.Keys);
    }

    [Theory]
    [InlineData("{\"a\": \"\\ud83d\"}", "half of a surrogate pair")]
    [InlineData("{\"\\uDE00\": 1}", "half of a surrogate pair")]
    [InlineData("{\"a\": \"\u00FF\"}", "not UTF-8")]
    public void Texts_that_are_none_are_refused(string json, string expected)
    {
        var files = new Dictionary<string, byte[]> { ["tokenizer.json"] = System.Text.Encoding.Latin1.GetBytes(json) };

        var error = Assert.Throws<TokenizerException>(() => TextEncoder.FromFiles(files));

        Assert.Contains("'tokenizer.json'", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }
}
