using MLNet.Transformers.Tokenization;
using static MLNet.Transformers.Tests.Tokenization.SmallTokenizers;

namespace MLNet.Transformers.Tests.Tokenization;

public class TextEncoderTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t\n\u00A0\u3000")]
    [InlineData("\0\u0007\u200B")]
    public void Text_without_a_word_is_the_special_tokens(string? text)
    {
        TokenEncoding encoding = FromVocabulary("a").Encode(text);

        Assert.Equal(["[CLS]", "[SEP]"], encoding.Tokens);
        Assert.Equal([1, 1], encoding.SpecialTokensMask);
        Assert.Equal([null, null], encoding.WordIds);
        Assert.Equal([default, default], encoding.Offsets);
    }

    [Fact]
    public void A_pair_has_type_ids_sequence_ids_and_words_of_its_own()
    {
        TokenEncoding encoding = FromVocabulary("a", "b", "##c").Encode("a bc", "b");

        Assert.Equal(["[CLS]", "a", "b", "##c", "[SEP]", "b", "[SEP]"], encoding.Tokens);
        Assert.Equal([0, 0, 0, 0, 0, 1, 1], encoding.TypeIds);
        Assert.Equal([null, 0, 0, 0, null, 1, null], encoding.SequenceIds);
        Assert.Equal([null, 0, 1, 1, null, 0, null], encoding.WordIds);
        Assert.Equal([1, 0, 0, 0, 1, 0, 1], encoding.SpecialTokensMask);
        Assert.Equal(new TextSpan(0, 1), encoding.Offsets[5]);
    }

    [Fact]
    public void An_empty_second_text_is_none()
    {
        TextEncoder tokenizer = FromVocabulary("a");

        Assert.Equal(tokenizer.Encode("a").Ids, tokenizer.Encode("a", "").Ids);
        Assert.Equal(tokenizer.Encode("a").Ids, Assert.Single(tokenizer.EncodeWindows("a", "", new EncodeOptions { MaxTokens = 8 })).Ids);
    }

    [Theory]
    [InlineData("a\uD800b")]
    [InlineData("\uDC00ab")]
    [InlineData("ab\uD83D")]
    [InlineData("a\uFFFDb")]
    public void Lone_surrogates_are_removed_as_the_replacement_character_is(string text)
    {
        // BERT's clean-up removes U+FFFD and leaves no blank in its place.
        Assert.Equal(["ab"], FromVocabulary("a", "b", "ab").Encode(text, null, Plain).Tokens);
    }

    [Fact]
    public void A_lone_surrogate_is_the_replacement_character()
    {
        Assert.Equal(["a", "\uFFFD", "[UNK]"], FromJson(["a", "\uFFFD"], ("pre_tokenizer", """{"type":"WhitespaceSplit"}""")).Encode("a \uD800 \uDC00\uD800", null, Plain).Tokens);
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData(1_000_000)]
    public void A_text_without_a_blank_is_one_unknown_word(int length)
    {
        TokenEncoding encoding = FromVocabulary("a", "##a").Encode(new string('a', length), null, Plain);

        Assert.Equal(["[UNK]"], encoding.Tokens);
        Assert.Equal(new TextSpan(0, length), encoding.Offsets[0]);
    }

    [Fact]
    public void A_hundred_characters_are_the_longest_word()
    {
        TextEncoder tokenizer = FromVocabulary("a", "##a", "\U0001F600", "##\U0001F600");

        Assert.Equal(100, tokenizer.Encode(new string('a', 100), null, Plain).Length);
        Assert.Equal(1, tokenizer.Encode(new string('a', 101), null, Plain).Length);
        // Code points count, not UTF-16 units.
        Assert.Equal(100, tokenizer.Encode(string.Concat(Enumerable.Repeat("\U0001F600", 100)), null, Plain).Length);
        Assert.Equal(1, tokenizer.Encode(string.Concat(Enumerable.Repeat("\U0001F600", 101)), null, Plain).Length);
    }

    [Fact]
    public void A_word_with_an_unknown_rest_is_unknown_as_a_whole()
    {
        Assert.Equal(["un", "##able", "[UNK]", "[UNK]"], FromVocabulary("un", "##able", "able").Encode("unable unablez x", null, Plain).Tokens);
    }

    [Fact]
    public void Ids_tokens_and_counts_agree()
    {
        TextEncoder tokenizer = FromVocabulary("a", "b");

        Assert.Equal((7, 6), (tokenizer.VocabularySize, tokenizer.MaxId));
        Assert.Equal((5, "b"), (tokenizer.TokenToId("a"), tokenizer.IdToToken(6)));
        Assert.Null(tokenizer.TokenToId("c"));
        Assert.Null(tokenizer.IdToToken(7));
        Assert.Equal<int?>([0, 1, 2, 3, 4, null, null],
        [
            tokenizer.PadTokenId, tokenizer.UnknownTokenId, tokenizer.ClassTokenId, tokenizer.SeparatorTokenId, tokenizer.MaskTokenId,
            tokenizer.BeginTokenId, tokenizer.EndTokenId,
        ]);
    }

    [Fact]
    public void What_a_file_says_of_truncation_and_padding_is_not_applied()
    {
        TextEncoder tokenizer = FromJson(["a", "b"],
            ("truncation", """{"direction":"Left","max_length":3,"strategy":"OnlyFirst","stride":1}"""),
            ("padding", """{"strategy":{"Fixed":16},"direction":"Left","pad_to_multiple_of":8,"pad_id":4,"pad_type_id":1,"pad_token":"[MASK]"}"""));

        Assert.Equal(5, tokenizer.Encode("a b a b a").Length);
    }

    [Fact]
    public void Many_threads_get_what_one_gets()
    {
        TextEncoder tokenizer = TextEncoder.FromFolder(Shared.Golden("tokenizers", "bert-uncased"));
        string[] texts = [.. Enumerable.Range(0, 2000).Select(i => $"Caf\u00E9 {i} is n\u00B0 {i * 7} on the list [MASK], \u6211\u559C\u6B22 it")];
        int[][] alone = [.. texts.Select(text => tokenizer.Encode(text).Ids)];

        int[][] together = [.. texts.AsParallel().AsOrdered().WithDegreeOfParallelism(8).Select(text => tokenizer.Encode(text).Ids)];

        Assert.Equal(alone, together);
    }
}
