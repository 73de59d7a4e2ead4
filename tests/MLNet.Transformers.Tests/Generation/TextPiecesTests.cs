using System.Text;
using MLNet.Transformers.Models.Generation;

namespace MLNet.Transformers.Tests.Generation;

/// <summary>Pieces of text are whole characters, and end before a stop string.</summary>
public sealed class TextPiecesTests
{
    // A token a byte, which is how byte-level tokenizers write what is in no vocabulary.
    private static readonly Func<IReadOnlyList<int>, string> _bytes = ids => Encoding.UTF8.GetString([.. ids.Select(id => (byte)id)]);

    [Fact]
    public void A_character_of_several_tokens_comes_whole()
    {
        string[] pieces = Pieces(_bytes, [], Bytes("aé你😀z"));

        Assert.Equal(["a", "", "é", "", "", "你", "", "", "", "😀", "z", ""], pieces);
    }

    [Fact]
    public void Bytes_that_are_no_character_come_at_the_end()
    {
        string[] pieces = Pieces(_bytes, [], [(int)'a', 0xE4, 0xBD]);

        Assert.Equal("a", pieces[0]);
        Assert.Equal("a\uFFFD", string.Concat(pieces));
    }

    [Fact]
    public void A_surrogate_pair_is_not_split()
    {
        string text = "x😀y";

        string[] pieces = Pieces(ids => text[..ids.Count], [], [0, 0, 0, 0]);

        Assert.Equal(["x", "", "😀", "y", ""], pieces);
    }

    [Theory]
    [InlineData("hello END of it", "END", "hello ")]
    [InlineData("hello EN of it", "END", "hello EN of it")]
    [InlineData("hello EEND", "END", "hello E")]
    [InlineData("hello E", "END", "hello E")]
    [InlineData("ENDless", "END", "")]
    [InlineData("a\nb\n\nc", "\n\n", "a\nb")]
    public void What_follows_a_stop_string_is_left_out(string text, string stop, string expected)
    {
        string[] pieces = Pieces(ids => text[..ids.Count], [stop], [.. text.Select(_ => 0)]);

        Assert.Equal(expected, string.Concat(pieces));
    }

    [Fact]
    public void What_may_become_a_stop_string_waits()
    {
        string[] pieces = Pieces(ids => "aENb"[..ids.Count], ["END"], [0, 0, 0, 0]);

        Assert.Equal(["a", "", "", "ENb", ""], pieces);
    }

    [Fact]
    public void A_stop_string_inside_of_a_token_is_cut_off()
    {
        string[] words = ["one ", "two.three", " four"];

        string[] pieces = Pieces(ids => string.Concat(ids.Select(id => words[id])), ["."], [0, 1]);

        Assert.Equal(["one ", "two", ""], pieces);
    }

    [Fact]
    public void The_earliest_of_several_counts()
    {
        string[] pieces = Pieces(ids => "xabc"[..ids.Count], ["abc", "b"], [0, 0, 0]);

        Assert.Equal("xa", string.Concat(pieces));
    }

    private static string[] Pieces(Func<IReadOnlyList<int>, string> decode, string[] stops, int[] tokens)
    {
        var pieces = new TextPieces(decode, new StopStrings(stops, decode));
        return [.. tokens.Select(pieces.Add), pieces.Finish()];
    }

    private static int[] Bytes(string text) => [.. Encoding.UTF8.GetBytes(text).Select(value => (int)value)];
}
