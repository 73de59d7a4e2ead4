using System.Text;
using MLNet.Transformers.Tokenization;
using static MLNet.Transformers.Tests.Tokenization.SmallTokenizers;

namespace MLNet.Transformers.Tests.Tokenization;

/// <summary>Special tokens that stand in tokenizer_config.json or special_tokens_map.json only: they are added as the reference adds them (TokenizersBackend.__init__).</summary>
public class NamedSpecialTokenTests
{
    public enum Files
    {
        TokenizerJson,
        VocabTxt,
        VocabMerges,
    }

    [Theory]
    [InlineData("""{"extra_special_tokens":["<X1>","<X2>"]}""", "<X1> <X2>")]
    [InlineData("""{"additional_special_tokens":["<X1>",{"content":"<X2>","special":true}]}""", "<X1> <X2>")]
    [InlineData("""{"extra_special_tokens":{"image_token":"<X1>","think_token":{"content":"<X2>"}}}""", "<X1> <X2>")]
    [InlineData("""{"model_specific_special_tokens":{"image_token":"<X1>"}}""", "<X1>")]
    [InlineData("""{"image_token":"<X1>"}""", "<X1>")]
    [InlineData("""{"extra_special_tokens":["<X1>"],"pad_token":"<fill>","eos_token":{"content":"<end>"}}""", "<end> <fill> <X1>")]
    [InlineData("""{"pad_token":"b","extra_special_tokens":["b","<X1>","<X1>",""]}""", "<X1>")]
    public void They_get_the_next_ids_and_are_found_whole(string config, string added)
    {
        foreach (Files files in Enum.GetValues<Files>())
        {
            TextEncoder tokenizer = Make(files, config);
            int next = Make(files, "{}").VocabularySize;
            foreach (string token in added.Split(' '))
            {
                Assert.Equal(next, tokenizer.TokenToId(token));
                Assert.Contains(next, tokenizer.Encode($"a{token}a").Ids);
                Assert.Equal("", tokenizer.Decode([next]));
                Assert.Equal(token, tokenizer.Decode([next], skipSpecialTokens: false).Trim());
                next++;
            }
            Assert.Equal(next, tokenizer.VocabularySize);
        }
    }

    [Fact]
    public void A_piece_that_a_role_names_is_special_and_keeps_its_id()
    {
        TextEncoder tokenizer = Make(Files.TokenizerJson, """{"pad_token":"b"}""");

        Assert.Equal(tokenizer.PadTokenId, Make(Files.TokenizerJson, "{}").TokenToId("b"));
        Assert.Equal("a", tokenizer.Decode(tokenizer.Encode("a b", null, Plain).Ids));
    }

    [Fact]
    public void Ids_follow_the_highest_added_one()
    {
        TextEncoder tokenizer = TextEncoder.FromFiles(new Dictionary<string, byte[]>
        {
            ["tokenizer.json"] = Json(["a"], ("added_tokens", """[{"id":20,"content":"<x>","special":true}]""")),
            ["tokenizer_config.json"] = """{"extra_special_tokens":["<y>"]}"""u8.ToArray(),
        });

        Assert.Equal(21, tokenizer.TokenToId("<y>"));
    }

    [Fact]
    public void A_name_that_a_later_file_replaces_adds_nothing()
    {
        TextEncoder tokenizer = TextEncoder.FromFiles(new Dictionary<string, byte[]>
        {
            ["tokenizer.json"] = Json(["a"]),
            ["special_tokens_map.json"] = """{"pad_token":"<old>"}"""u8.ToArray(),
            ["tokenizer_config.json"] = """{"pad_token":"<new>"}"""u8.ToArray(),
        });

        Assert.Null(tokenizer.TokenToId("<old>"));
        Assert.Equal(6, tokenizer.PadTokenId);
    }

    [Fact]
    public void The_tiny_translation_model_takes_a_token_more()
    {
        Assert.SkipUnless(Shared.Exists, Shared.Missing);
        string folder = Shared.Path("weights", "bart-multi30k-tiny");
        Dictionary<string, byte[]> files = TextEncoder.FromFolder(folder).Files.ToDictionary();
        TextEncoder before = TextEncoder.FromFiles(files);
        files["special_tokens_map.json"] = """{"extra_special_tokens":["<X1>"]}"""u8.ToArray();
        TextEncoder tokenizer = TextEncoder.FromFiles(files);

        TokenEncoding encoding = tokenizer.Encode("Two dogs <X1> run.");

        Assert.Equal(["<X1>"], encoding.Ids.Where(id => id > before.MaxId).Select(id => tokenizer.IdToToken(id)));
        Assert.Equal(before.VocabularySize, tokenizer.MaxId);
        Assert.Equal(before.Encode("Two dogs run.").Ids, tokenizer.Encode("Two dogs run.").Ids);
    }

    private static TextEncoder Make(Files files, string config) => files switch
    {
        Files.TokenizerJson => TextEncoder.FromFiles(new Dictionary<string, byte[]> { ["tokenizer.json"] = Json(["a", "b"]), ["tokenizer_config.json"] = Encoding.UTF8.GetBytes(config) }),
        Files.VocabTxt => FromVocabulary(config, ["a", "b"]),
        _ => SmallBpe.FromFiles(["a", "b", "c", "<|endoftext|>"], "#version: 0.2\n", config),
    };
}
