using MLNet.Transformers.Tokenization;
using static MLNet.Transformers.Tests.Tokenization.SmallTokenizers;

namespace MLNet.Transformers.Tests.Tokenization;

/// <summary>Pre-tokenizers, post-processors and decoders of tokenizer.json, each by itself.</summary>
public class ComponentTests
{
    [Theory]
    [InlineData("""{"type":"WhitespaceSplit"}""", "It's 42,\u3000ok", "It's|42,|ok")]
    [InlineData("""{"type":"Whitespace"}""", "It's 42, a_b!? \U0001D54F1", "It|'|s|42|,|a_b|!?|\U0001D54F1")]
    [InlineData("""{"type":"BertPreTokenizer"}""", "It's 42, a_b!? $5", "It|'|s|42|,|a|_|b|!|?|$|5")]
    [InlineData("""{"type":"Punctuation","behavior":"Isolated"}""", "It's ok!!", "It|'|s ok|!|!")]
    [InlineData("""{"type":"Punctuation","behavior":"Removed"}""", "It's ok!!", "It|s ok")]
    [InlineData("""{"type":"Punctuation","behavior":"MergedWithPrevious"}""", "It's ok!!", "It'|s ok!|!")]
    [InlineData("""{"type":"Punctuation","behavior":"MergedWithNext"}""", "It's ok!!", "It|'s ok|!|!")]
    [InlineData("""{"type":"Punctuation","behavior":"Contiguous"}""", "It's ok!!", "It|'|s ok|!!")]
    [InlineData("""{"type":"Punctuation"}""", "\u201Cok\u201D", "\u201C|ok|\u201D")]
    [InlineData("""{"type":"Digits","individual_digits":true}""", "a12\u0663", "a|1|2|\u0663")]
    [InlineData("""{"type":"Digits","individual_digits":false}""", "a12b3", "a|12|b|3")]
    [InlineData("""{"type":"Split","pattern":{"String":"-"},"behavior":"Removed","invert":false}""", "a-b--c", "a|b|c")]
    [InlineData("""{"type":"Split","pattern":{"Regex":"[a-z]+"},"behavior":"Removed","invert":true}""", "ab1cd", "ab|cd")]
    [InlineData("""{"type":"Split","pattern":{"Regex":"\\d"},"behavior":"MergedWithPrevious","invert":false}""", "a1b2", "a1|b2")]
    [InlineData("""{"type":"Sequence","pretokenizers":[{"type":"WhitespaceSplit"},{"type":"Digits","individual_digits":true}]}""", "a1 b", "a|1|b")]
    public void Pre_tokenizers_cut(string preTokenizer, string text, string expected)
    {
        TokenEncoding encoding = FromJson([], ("pre_tokenizer", preTokenizer)).Encode(text, null, Plain);

        // No word is in the vocabulary, so each is one token that covers it.
        Assert.Equal(expected.Split('|'), encoding.Covered(text));
    }

    [Fact]
    public void Without_a_pre_tokenizer_the_text_is_one_word()
    {
        Assert.Equal(["a b"], FromJson(["a b"], ("pre_tokenizer", "null")).Encode("a b", null, Plain).Tokens);
    }

    [Theory]
    [InlineData("""{"type":"BertProcessing","sep":["[SEP]",3],"cls":["[CLS]",2]}""", "[CLS]0 a0 [SEP]0", "[CLS]0 a0 [SEP]0 b1 [SEP]1")]
    [InlineData("""{"type":"RobertaProcessing","sep":["[SEP]",3],"cls":["[CLS]",2],"trim_offsets":true,"add_prefix_space":true}""", "[CLS]0 a0 [SEP]0", "[CLS]0 a0 [SEP]0 [SEP]0 b0 [SEP]0")]
    [InlineData("""
        {"type":"Sequence","processors":[{"type":"TemplateProcessing","single":[{"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"end","type_id":0}}],
        "pair":[{"Sequence":{"id":"B","type_id":2}},{"SpecialToken":{"id":"end","type_id":1}},{"Sequence":{"id":"A","type_id":0}}],
        "special_tokens":{"end":{"id":"end","ids":[4,3],"tokens":["[MASK]","[SEP]"]}}}]}
        """, "a0 [MASK]0 [SEP]0", "b2 [MASK]1 [SEP]1 a0")]
    [InlineData("null", "a0", "a0 b1")]
    public void Post_processors_add_special_tokens_and_type_ids(string processor, string single, string pair)
    {
        TextEncoder tokenizer = FromJson(["a", "b"], ("post_processor", processor));

        Assert.Equal(single, Show(tokenizer.Encode("a")));
        Assert.Equal(pair, Show(tokenizer.Encode("a", "b")));

        static string Show(TokenEncoding encoding) => string.Join(' ', encoding.Tokens.Zip(encoding.TypeIds, (token, type) => $"{token}{type}"));
    }

    [Theory]
    [InlineData("null", "un ##able , [SEP] i 'm x")]
    [InlineData("""{"type":"WordPiece","prefix":"##","cleanup":true}""", "unable, [SEP] i'm x")]
    [InlineData("""{"type":"WordPiece","prefix":"##","cleanup":false}""", "unable , [SEP] i 'm x")]
    [InlineData("""{"type":"Fuse"}""", "un##able,[SEP]i'mx")]
    [InlineData("""{"type":"Replace","pattern":{"String":"#"},"content":"-"}""", "un--able,[SEP]i'mx")]
    [InlineData("""{"type":"Strip","content":"#","start":1,"stop":0}""", "un#able,[SEP]i'mx")]
    [InlineData("""{"type":"Sequence","decoders":[{"type":"Fuse"},{"type":"Strip","content":"x","start":0,"stop":1}]}""", "un##able,[SEP]i'm")]
    public void Decoders_join(string decoder, string expected)
    {
        TextEncoder tokenizer = FromJson(["un", "##able", ",", "i", "'m", "x"], ("decoder", decoder));

        Assert.Equal(expected, tokenizer.Decode([5, 6, 7, 3, 8, 9, 10], skipSpecialTokens: false, cleanUp: false));
    }

    [Fact]
    public void Decoding_leaves_out_special_tokens_and_cleans_up_as_the_config_says()
    {
        string[] pieces = ["hello", ",", "world", "##s", "!"];
        int[] ids = FromVocabulary(pieces).Encode("hello, worlds!").Ids;

        Assert.Equal("hello, worlds!", FromVocabulary(pieces).Decode(ids));
        Assert.Equal("[CLS] hello, worlds! [SEP]", FromVocabulary(pieces).Decode(ids, skipSpecialTokens: false));
        Assert.Equal("", FromVocabulary(pieces).Decode([]));
        // Ids that stand for nothing are left out.
        Assert.Equal("hello", FromVocabulary(pieces).Decode([5, 999, -1]));

        (string, string) marks = ("pre_tokenizer", """{"type":"BertPreTokenizer"}""");
        TextEncoder plain = FromJson(pieces, marks);
        Assert.Equal("hello , world ##s !", plain.Decode(plain.Encode("hello, worlds!").Ids));
        Assert.Equal("hello, world ##s!", plain.Decode(plain.Encode("hello, worlds!").Ids, cleanUp: true));
    }
}
