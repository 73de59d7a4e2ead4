using System.Text;
using MLNet.Transformers.Tokenization;
using static MLNet.Transformers.Tests.Tokenization.SentencePiece.SmallModels;

namespace MLNet.Transformers.Tests.Tokenization.SentencePiece;

/// <summary>The Unigram model and SentencePiece's replacements in a tokenizer.json.</summary>
public class TokenizerJsonTests
{
    [Fact]
    public void Unknown_neighbours_are_one_token_or_its_bytes()
    {
        Assert.Equal([1, 0, 1], Open("""{"type":"Unigram","unk_id":0,"vocab":[["<unk>",0],["a",-1]]}""").Encode("axya").Ids);
        string bytes = string.Join(',', Enumerable.Range(0, 256).Select(value => $"[\"<0x{value:X2}>\",0]"));
        TokenEncoding encoding = Open($$"""{"type":"Unigram","unk_id":0,"byte_fallback":true,"vocab":[["<unk>",0],["a",-1],{{bytes}}]}""").Encode("axya");

        Assert.Equal(["a", "<0x78>", "<0x79>", "a"], encoding.Tokens);
        Assert.Equal([new(0, 1), new(1, 3), new(1, 3), new TextSpan(3, 4)], encoding.Offsets);
    }

    [Theory]
    [InlineData("""{"type":"Unigram","unk_id":2,"vocab":[["<unk>",0],["a",-1]]}""", "'model.unk_id'", "below 2")]
    [InlineData("""{"type":"Unigram","unk_id":0,"vocab":[]}""", "'model.vocab'", "at least one piece")]
    [InlineData("""{"type":"Unigram","unk_id":0,"vocab":[["<unk>"]]}""", "'model.vocab[0]'", "a piece and its score")]
    [InlineData("""{"type":"Unigram","unk_id":0,"vocab":[["<unk>","0"]]}""", "'model.vocab[0][1]'", "a number")]
    public void A_broken_model_is_named(string model, params string[] said)
    {
        string message = Assert.Throws<TokenizerException>(() => Open(model)).Message;

        Assert.All(said, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    [Fact]
    public void Text_without_a_piece_needs_an_unknown_one()
    {
        TextEncoder tokenizer = Open("""{"type":"Unigram","vocab":[["a",-1]]}""");

        Assert.Equal([0, 0], tokenizer.Encode("aa").Ids);
        Assert.Contains("unk_id", Assert.Throws<TokenizerException>(() => tokenizer.Encode("ab")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AbA", "x yb", 3)]
    [InlineData("b", "b", 1)]
    public void Rules_replace_characters_and_keep_places(string text, string piece, int end)
    {
        string rules = Convert.ToBase64String(CharacterMap('A', "x y"));
        TextEncoder tokenizer = Open(
            $$"""{"type":"Unigram","unk_id":0,"vocab":[["<unk>",0],["x yb",-1],["x y",-1],["b",-1]]}""",
            $$"""{"type":"Precompiled","precompiled_charsmap":"{{rules}}"}""");

        TokenEncoding encoding = tokenizer.Encode(text);

        Assert.Equal(piece, encoding.Tokens[0]);
        Assert.Equal(end, encoding.Offsets[^1].End);
    }

    [Fact]
    public void A_grapheme_is_replaced_as_a_whole_by_the_shortest_rule_it_begins_with()
    {
        string rules = Convert.ToBase64String(CharacterMap('A', "x"));
        TextEncoder tokenizer = Open(
            """{"type":"Unigram","unk_id":0,"vocab":[["<unk>",0],["x",-1]]}""", $$"""{"type":"Precompiled","precompiled_charsmap":"{{rules}}"}""");

        // The accent goes with the letter.
        Assert.Equal([1, 1], tokenizer.Encode("A\u0301A").Ids);
    }

    [Theory]
    [InlineData("!", "base64")]
    [InlineData("AAAA", "double array")]
    public void Broken_rules_are_named(string rules, string said)
    {
        string message = Assert.Throws<TokenizerException>(() => Open(
            """{"type":"Unigram","unk_id":0,"vocab":[["<unk>",0]]}""", $$"""{"type":"Precompiled","precompiled_charsmap":"{{rules}}"}""")).Message;

        Assert.Contains(said, message, StringComparison.Ordinal);
        Assert.Contains("normalizer.precompiled_charsmap", message, StringComparison.Ordinal);
    }

    private static TextEncoder Open(string model, string normalizer = "null") => TextEncoder.FromFiles(new Dictionary<string, byte[]>
    {
        ["tokenizer.json"] = Encoding.UTF8.GetBytes($$"""{"model":{{model}},"normalizer":{{normalizer}}}"""),
    });
}
