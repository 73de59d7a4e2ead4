using MLNet.Transformers.Tokenization;
using static MLNet.Transformers.Tests.Tokenization.SentencePiece.SmallModels;

namespace MLNet.Transformers.Tests.Tokenization.SentencePiece;

/// <summary>The rules that T5, LLaMA, GLM and ChatGLM put around a SentencePiece model.</summary>
public class OwnFileTests
{
    private static readonly (string, float, int)[] _words = [("▁", -3, Normal), ("▁a", -1, Normal), ("a", -2, Normal), ("b", -2, Normal)];

    [Fact]
    public void T5_numbers_its_sentinels_from_the_end_and_ends_texts_once()
    {
        TextEncoder tokenizer = Open("spiece.model", Unigram([.. T5Pieces, .. _words]), """{"extra_ids":3}""");

        Assert.Equal(10, tokenizer.VocabularySize);
        Assert.Equal((9, 7), (tokenizer.TokenToId("<extra_id_0>"), tokenizer.TokenToId("<extra_id_2>")));
        Assert.Equal(["▁a", "<extra_id_0>", "▁a", "</s>"], tokenizer.Encode("a <extra_id_0> a").Tokens);
        Assert.Equal(["▁a", "</s>"], tokenizer.Encode("a</s>").Tokens);
        Assert.Equal(["▁a", "</s>", "▁a", "</s>"], tokenizer.Encode("a", "a").Tokens);
        Assert.Equal((0, 1, 2), (tokenizer.PadTokenId, tokenizer.EndTokenId, tokenizer.UnknownTokenId));
    }

    [Theory]
    [InlineData("{}", new[] { "<extra_id_0>", "▁a", "</s>" })]
    [InlineData("""{"legacy":false}""", new[] { "<extra_id_0>", "a", "</s>" })]
    public void Behind_an_added_token_only_legacy_puts_a_blank(string config, string[] tokens)
    {
        TextEncoder tokenizer = Open("spiece.model", Unigram([.. T5Pieces, .. _words]), config);

        Assert.Equal(tokens, tokenizer.Encode("<extra_id_0>a").Tokens);
    }

    [Fact]
    public void A_wrong_number_of_sentinels_is_refused()
    {
        string message = Assert.Throws<TokenizerException>(() => Open(
            "spiece.model", Unigram(T5Pieces), """{"extra_ids":3,"additional_special_tokens":["<extra_id_0>"]}""")).Message;

        Assert.Contains("'extra_ids' is 3", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", new[] { "<s>", "▁a" }, new[] { "<s>", "▁a", "<s>", "b" })]
    [InlineData("""{"add_eos_token":true}""", new[] { "<s>", "▁a", "</s>" }, new[] { "<s>", "▁a", "</s>", "<s>", "b", "</s>" })]
    [InlineData("""{"add_bos_token":false}""", new[] { "▁a" }, new[] { "▁a", "b" })]
    public void LLaMA_begins_and_ends_texts_as_its_config_says(string config, string[] single, string[] pair)
    {
        TextEncoder tokenizer = Open("tokenizer.model", Bpe([.. LlamaPieces, ("▁", -3, Normal), ("a", -3, Normal), ("▁a", -1, Normal), ("b", -9, Normal), ("▁b", -9, Unused)]), config);

        Assert.Equal(single, tokenizer.Encode("a").Tokens);
        Assert.Equal(pair, tokenizer.Encode("a", "b").Tokens.Where(token => token != "▁"));
        Assert.Equal(Side.Left, Open("tokenizer.model", Bpe(LlamaPieces), """{"tokenizer_class":"LlamaTokenizer"}""").PaddingSide);
    }

    [Fact]
    public void A_special_token_that_the_model_lacks_gets_the_next_id()
    {
        TextEncoder tokenizer = Open("tokenizer.model", Bpe([.. LlamaPieces, ("▁", -3, Normal), ("a", -3, Normal)]), """{"pad_token":"[PAD]","additional_special_tokens":["<x>"]}""");

        Assert.Equal((5, 6), (tokenizer.PadTokenId, tokenizer.TokenToId("<x>")));
        Assert.Equal(["<s>", "▁", "a", "<x>"], tokenizer.Encode("a<x>").Tokens);
        Assert.Equal("a", tokenizer.Decode(tokenizer.Encode("a<x>").Ids));
    }

    [Fact]
    public void ChatGLM_keeps_line_ends_tabs_and_runs_of_blanks()
    {
        TextEncoder tokenizer = Open("ice_text.model", ChatGlm(), """{"num_image_tokens":2}""");

        TokenEncoding encoding = tokenizer.Encode("a  a\n\ta");

        Assert.Equal(["▁a", "<|blank_2|>", "a", "<n>", "<|tab|>", "a", "[gMASK]", "<sop>"], encoding.Tokens);
        Assert.Equal(new TextSpan(1, 3), encoding.Offsets[1]);
        Assert.Equal(2 + 1, tokenizer.TokenToId("<sop>"));
        Assert.Equal("<image_1>", tokenizer.IdToToken(1));
        Assert.Equal("a  a\n\ta", tokenizer.Decode(encoding.Ids));
        Assert.Equal("<eop>", tokenizer.Encode("a", "a").Tokens[^1]);
    }

    [Fact]
    public void ChatGLM_looks_for_special_tokens_that_the_files_add()
    {
        TextEncoder tokenizer = Open("ice_text.model", ChatGlm(), """
            {"num_image_tokens":2,"additional_special_tokens":["<x>"],"gmask_token":"[gMASK]","added_tokens_decoder":{"30":{"content":"<y>","special":true}}}
            """);

        TokenEncoding encoding = tokenizer.Encode("a<x>a<y>");

        Assert.Equal(["▁a", "<x>", "▁a", "<y>", "[gMASK]", "<sop>"], encoding.Tokens);
        Assert.Equal((31, 30), (encoding.Ids[1], encoding.Ids[3]));
        Assert.DoesNotContain(tokenizer.TokenToId("[gMASK]")!.Value, tokenizer.Encode("a[gMASK]", null, new EncodeOptions { AddSpecialTokens = false }).Ids);
    }

    [Fact]
    public void ChatGLM_refuses_to_remove_blanks_and_names_a_missing_token()
    {
        Assert.Contains("remove_space", Assert.Throws<TokenizerException>(
            () => Open("ice_text.model", ChatGlm(), """{"remove_space":true}""")).Message, StringComparison.Ordinal);
        Assert.Contains("bos_token '<begin>'", Assert.Throws<TokenizerException>(
            () => Open("ice_text.model", ChatGlm(), """{"bos_token":"<begin>"}""")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GLM_encloses_texts_and_needs_its_tokens()
    {
        const string Config = """
            {"tokenizer_class":"GLMChineseTokenizer","cls_token":"[CLS]","eos_token":"<end>","sep_token":"[SEP]","pad_token":"<end>","unk_token":"[UNK]",
             "added_tokens_decoder":{"7":{"content":"[CLS]"},"8":{"content":"<end>"},"9":{"content":"[SEP]"}}}
            """;
        byte[] model = Bpe([.. LlamaPieces, ("▁", -3, Normal), ("a", -3, Normal), ("▁a", -1, Normal), ("b", -3, Normal)]);
        TextEncoder tokenizer = Open("cog-pretrain.model", model, Config);

        Assert.Equal(["[CLS]", "▁a", "<end>"], tokenizer.Encode("a").Tokens);
        Assert.Equal(["[CLS]", "▁a", "[SEP]", "▁a", "<end>"], tokenizer.Encode("a", "a").Tokens);
        Assert.Equal(0, tokenizer.UnknownTokenId);
        Assert.Equal(Side.Left, tokenizer.TruncationSide);
        Assert.Contains("cls_token", Assert.Throws<TokenizerException>(() => Open("cog-pretrain.model", model)).Message, StringComparison.Ordinal);
    }

    private static byte[] ChatGlm() => Unigram(
        ("<unk>", 0, Unknown), ("<sop>", 0, Control), ("<eop>", 0, Control), ("<pad>", 0, Control), ("[MASK]", 0, Control), ("[gMASK]", 0, Control),
        ("<n>", 0, UserDefined), ("<|tab|>", 0, UserDefined), ("<|blank_2|>", 0, UserDefined), ("▁", -3, Normal), ("▁a", -1, Normal), ("a", -2, Normal));
}
