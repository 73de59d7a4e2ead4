using MLNet.Transformers.Models.Generation;

namespace MLNet.Transformers.Tests.Generation;

/// <summary>Pieces of text end before a stop string.</summary>
public sealed class StopStringTests
{
    [Theory]
    [InlineData("hello END of it", "END", "hello ")]
    [InlineData("hello EN of it", "END", "hello EN of it")]
    [InlineData("hello EEND", "END", "hello E")]
    [InlineData("hello E", "END", "hello E")]
    [InlineData("ENDless", "END", "")]
    [InlineData("a\nb\n\nc", "\n\n", "a\nb")]
    public void What_follows_a_stop_string_is_left_out(string text, string stop, string expected)
    {
        string[] pieces = Pieces([stop], [.. text.Select(character => character.ToString())]);

        Assert.Equal(expected, string.Concat(pieces));
    }

    [Fact]
    public void What_may_become_a_stop_string_waits() => Assert.Equal(["a", "", "", "ENb", ""], Pieces(["END"], "a", "E", "N", "b"));

    [Fact]
    public void A_stop_string_inside_of_a_token_is_cut_off() => Assert.Equal(["one ", "two", ""], Pieces(["."], "one ", "two.three"));

    [Fact]
    public void The_earliest_of_several_counts() => Assert.Equal("xa", string.Concat(Pieces(["abc", "b"], "x", "a", "b")));

    [Fact]
    public void A_stop_string_that_the_decoder_still_holds_back_counts_with_its_token()
    {
        var text = new WrittenText(new LateText(), new StopStrings(["b"]));

        Assert.Equal("", text.Add('a'));
        Assert.False(text.IsStopped);
        Assert.Equal("a", text.Add('b'));
        Assert.True(text.IsStopped);
        Assert.Equal("", text.Finish());
    }

    [Fact]
    public void A_copy_goes_on_by_itself()
    {
        var text = new WrittenText(new LateText(), new StopStrings(["xy"]));
        text.Add('x');
        WrittenText copy = text.Copy();

        Assert.Equal("", text.Add('y'));
        Assert.Equal(("", "xz"), (copy.Add('z'), copy.Finish()));
        Assert.True(text.IsStopped);
        Assert.False(copy.IsStopped);
    }

    private static string[] Pieces(string[] stops, params string[] tokens)
    {
        var text = new WrittenText(new SpelledText(id => tokens[id]), new StopStrings(stops));
        return [.. tokens.Select((_, id) => text.Add(id)), text.Finish()];
    }

    // Says each token, which is a character, only when the next one is there.
    private sealed class LateText : ITextDecoder
    {
        private string _last = "";

        public string Add(int id)
        {
            string said = _last;
            _last = ((char)id).ToString();
            return said;
        }

        public string Finish() => _last;

        public ITextDecoder Copy() => new LateText { _last = _last };
    }
}
