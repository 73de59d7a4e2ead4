using System.Text;
using MLNet.Transformers.Tokenization;
using static MLNet.Transformers.Tests.Tokenization.SmallTokenizers;

namespace MLNet.Transformers.Tests.Tokenization;

/// <summary>Tokens that are found in the text as a whole, with the flags that tokenizer files give them.</summary>
public class AddedTokenTests
{
    [Fact]
    public void Special_tokens_in_the_text_are_found_as_written()
    {
        const string text = "a[MASK]b [SEP] [mask]";
        TokenEncoding encoding = FromVocabulary("a", "b", "[", "]", "mask").Encode(text, null, Plain);

        Assert.Equal(["a", "[MASK]", "b", "[SEP]", "[", "mask", "]"], encoding.Tokens);
        Assert.Equal(["a", "[MASK]", "b", "[SEP]", "[", "mask", "]"], encoding.Covered(text));
        // They stand in the text, so the template did not add them.
        Assert.Equal(new int[7], encoding.SpecialTokensMask);
    }

    [Theory]
    [InlineData("", "a <x> b", "a|<x>|b")]
    [InlineData("\"lstrip\":true", "a  <x> b", "a|  <x>|b")]
    [InlineData("\"rstrip\":true", "a <x>  b", "a|<x>  |b")]
    [InlineData("\"lstrip\":true,\"rstrip\":true", " <x> <x> ", " <x> |<x> ")]
    [InlineData("\"single_word\":true", "a<x>b <x>, <x>", "a<x>b|<x>|,|<x>")]
    [InlineData("\"single_word\":true", "\u00E9<x> _<x> <x>\u0301 <x>", "\u00E9<x>|_<x>|<x>\u0301|<x>")]
    public void Flags_decide_what_a_token_takes(string flags, string text, string expected)
    {
        string token = $$"""{"id":9,"content":"<x>","special":false,"normalized":false{{(flags.Length == 0 ? "" : "," + flags)}}}""";
        TextEncoder tokenizer = FromJson(["a", "b", ",", "\u00E9"], ("added_tokens", $"[{token}]"));

        Assert.Equal(expected.Split('|'), tokenizer.Encode(text, null, Plain).Covered(text));
    }

    [Fact]
    public void A_normalized_token_is_looked_for_in_the_normalized_text()
    {
        const string tokens = """
            [{"id":7,"content":"Yes","special":false,"normalized":true},{"id":8,"content":"No","special":false,"normalized":false}]
            """;
        TextEncoder tokenizer = FromJson(["a", "b"], ("normalizer", """{"type":"Lowercase"}"""), ("added_tokens", tokens));

        Assert.Equal(["yes", "yes", "[UNK]", "No"], tokenizer.Encode("YES yes NO No", null, Plain).Tokens);
    }

    [Fact]
    public void Of_tokens_that_normalization_writes_the_same_the_last_is_found()
    {
        const string tokens = """
            [{"id":9,"content":"<x>","special":true,"normalized":true},{"id":10,"content":"<X>","special":true,"normalized":true}]
            """;
        TextEncoder tokenizer = FromJson(["a"], ("added_tokens", tokens), ("normalizer", """{"type":"Lowercase"}"""));

        Assert.Equal([10, 10], tokenizer.Encode("<x><X>", null, Plain).Ids);
    }

    [Fact]
    public void The_longest_of_two_tokens_at_one_place_is_found()
    {
        const string tokens = """
            [{"id":6,"content":"<x>","special":false,"normalized":false},{"id":7,"content":"<x><y>","special":false,"normalized":false}]
            """;

        Assert.Equal([6, 7], FromJson(["a"], ("added_tokens", tokens)).Encode("<x><x><y>", null, Plain).Ids);
    }

    [Fact]
    public void Added_tokens_count_in_the_size_of_the_vocabulary()
    {
        TextEncoder tokenizer = FromJson(["a"], ("added_tokens", """[{"id":20,"content":"<x>","special":true,"normalized":false}]"""));

        Assert.Equal((7, 20), (tokenizer.VocabularySize, tokenizer.MaxId));
        Assert.Equal("<x>", tokenizer.IdToToken(20));
    }

    [Fact]
    public void Added_tokens_json_adds_to_a_vocabulary()
    {
        TextEncoder tokenizer = TextEncoder.FromFiles(new Dictionary<string, byte[]>
        {
            ["vocab.txt"] = Vocabulary("a"),
            ["added_tokens.json"] = Encoding.UTF8.GetBytes("""{"<extra>":6,"<Mark>":7}"""),
            ["special_tokens_map.json"] = Encoding.UTF8.GetBytes("""{"additional_special_tokens":["<Mark>"]}"""),
        });

        Assert.Equal([5, 6, 5, 7], tokenizer.Encode("a<EXTRA>a<Mark>", null, Plain).Ids);
        // Listed as special: left out of decoded text, and found as written only.
        Assert.Equal("a <extra>", tokenizer.Decode([5, 6, 7]));
        Assert.DoesNotContain(7, tokenizer.Encode("<mark>", null, Plain).Ids);
    }

    [Fact]
    public void Roles_can_be_objects_and_tokenizer_config_has_the_last_word()
    {
        TextEncoder tokenizer = TextEncoder.FromFiles(new Dictionary<string, byte[]>
        {
            ["vocab.txt"] = Vocabulary("<fill>", "<start>"),
            ["special_tokens_map.json"] = Encoding.UTF8.GetBytes("""{"pad_token":{"content":"<fill>","lstrip":false},"bos_token":"[CLS]"}"""),
            ["tokenizer_config.json"] = Encoding.UTF8.GetBytes("""{"bos_token":"<start>"}"""),
        });

        Assert.Equal<int?>([5, 6], [tokenizer.PadTokenId, tokenizer.BeginTokenId]);
    }
}
