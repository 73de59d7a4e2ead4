using System.Text;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.Tokenization;
using static MLNet.Transformers.Tests.Tokenization.SentencePiece.SmallModels;

namespace MLNet.Transformers.Tests.Tokenization.SentencePiece;

/// <summary>SentencePiece model files: what is read from them, and what is said of a broken one.</summary>
public class ModelFileTests
{
    public static TheoryData<string, byte[], string> Broken => new()
    {
        { "empty", [], "no pieces" },
        { "text", Encoding.UTF8.GetBytes("[PAD]\n[UNK]\n"), "wire type" },
        { "cut", Unigram(("<unk>", 0, Unknown), ("a", -1, Normal))[..^20], "are left" },
        { "endless number", [0x78, .. Enumerable.Repeat((byte)0xFF, 11)], "more than 10 bytes" },
        { "field 0", [0x00, 0x00], "field number 0" },
        { "group", [0x0B], "wire type 3 of field 1" },
        { "huge length", [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], "a length of" },
        { "pieces as numbers", Number(1, 5), "field 1 with wire type 0, expected 2" },
        { "score as number", [.. Message(1, [.. SmallModels.Text(1, "a"), .. Number(2, 1)])], "piece 0 has at byte" },
        { "text that is not UTF-8", Message(1, [0x0A, 0x01, 0xFF]), "field 1 of piece 0 is not valid UTF-8" },
        { "empty piece", Unigram(("<unk>", 0, Unknown), ("", -1, Normal)), "piece 1 is empty" },
        { "no number", Unigram(("<unk>", 0, Unknown), ("a", float.NaN, Normal)), "piece 1, 'a', has the score NaN" },
        { "type", Unigram(("<unk>", 0, Unknown), ("a", -1, 9)), "piece 1, 'a', has the type 9" },
        { "twice", Unigram(("<unk>", 0, Unknown), ("a", -1, Normal), ("a", -2, Normal)), "'a' stands at 1 and at 2" },
        { "no unknown", Unigram(("a", -1, Normal)), "no piece is of the type unknown" },
        { "two unknown", Unigram(("<unk>", 0, Unknown), ("?", 0, Unknown)), "0 and 1 are both of the type unknown" },
        { "byte without fallback", Unigram(("<unk>", 0, Unknown), ("<0x00>", 0, SmallModels.Byte)), "no byte_fallback" },
        { "fallback without bytes", Model([("<unk>", 0, Unknown)], Number(35, 1), []), "no piece '<0x00>' of the type byte" },
        { "words", Model([("<unk>", 0, Unknown)], Number(3, 3), []), "model_type 3" },
        { "suffix", Model([("<unk>", 0, Unknown)], Number(24, 1), []), "treat_whitespace_as_suffix" },
        { "denormalizer", [.. Unigram(("<unk>", 0, Unknown)), .. Message(5, SmallModels.Text(2, "rules"))], "denormalizer_spec" },
        { "short map", Model([("<unk>", 0, Unknown)], [], Message(2, [1, 2, 3])), "precompiled_charsmap" },
        { "map beyond its end", Model([("<unk>", 0, Unknown)], [], Message(2, CharacterMap('A', "b")[..0x100])), "precompiled_charsmap" },
        { "map without replacements", Model([("<unk>", 0, Unknown)], [], Message(2, [.. LeadsAstray(), 0])), "precompiled_charsmap' is damaged" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_model_is_named_with_what_is_wrong(string what, byte[] content, string said)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File($"{what}.model");
        File.WriteAllBytes(path, content);

        string message = Assert.Throws<TokenizerException>(() => TextEncoder.FromFile(path)).Message;

        Assert.Contains(said.Replace("charsmap'", "charsmap", StringComparison.Ordinal), message, StringComparison.Ordinal);
        Assert.Contains(path, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_cut_of_a_model_is_refused_or_read_but_never_anything_else()
    {
        byte[] model = Model([.. LlamaPieces, ("▁a", -1, Normal)], Number(3, 2), Message(2, CharacterMap('A', "a")));

        for (int length = 0; length < model.Length; length++)
        {
            try
            {
                Alone(model[..length]).Encode("A b");
            }
            catch (TokenizerException error)
            {
                Assert.Contains("sentencepiece.model", error.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_changed_byte_never_ends_in_another_error()
    {
        byte[] model = Model([.. LlamaPieces, ("▁a", -1, Normal)], Number(3, 1), Message(2, CharacterMap('A', "a")));
        var random = new Random(1);

        for (int trial = 0; trial < 2000; trial++)
        {
            byte[] changed = [.. model];
            changed[random.Next(changed.Length)] = (byte)random.Next(256);
            try
            {
                Alone(changed).Encode("A b");
            }
            catch (TokenizerException)
            {
                continue;
            }
        }
    }

    [Theory]
    [InlineData("BertTokenizer", "spiece.model")]
    [InlineData("T5Tokenizer", "tokenizer.model")]
    [InlineData("ChatGLMTokenizer", "tokenizer.model")]
    public void A_class_that_does_not_read_the_file_is_named(string className, string file)
    {
        string message = Assert.Throws<TokenizerException>(() => Open(file, Unigram(T5Pieces), $$"""{"tokenizer_class":"{{className}}"}""")).Message;

        Assert.Contains(className, message, StringComparison.Ordinal);
        Assert.Contains(file, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_of_sentencepiece_itself_are_refused()
    {
        string message = Assert.Throws<TokenizerException>(
            () => Open("spiece.model", Unigram(T5Pieces), """{"sp_model_kwargs":{"enable_sampling":true}}""")).Message;

        Assert.Contains("sp_model_kwargs", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_saved_tokenizer_opens_again()
    {
        using var folder = new TemporaryFolder();
        TextEncoder tokenizer = Open("tokenizer.model", Bpe([.. LlamaPieces, ("▁", -2, Normal), ("a", -3, Normal), ("▁a", -1, Normal)]), """{"legacy":false}""");

        tokenizer.Save(folder.Folder);

        Assert.Equal(tokenizer.Encode("a a").Ids, TextEncoder.FromFolder(folder.Folder).Encode("a a").Ids);
    }

    // A double array whose rule points behind the replacements.
    private static byte[] LeadsAstray()
    {
        byte[] map = CharacterMap('A', "");
        map[4 + (4 * 0x180)] = 0x7F;
        return map;
    }
}
