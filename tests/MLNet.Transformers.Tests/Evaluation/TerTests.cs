using MLNet.Transformers.Evaluation;

namespace MLNet.Transformers.Tests.Evaluation;

public class TerTests
{
    [Theory]
    [InlineData("a b c d", "a b c d", 0)]
    [InlineData("a b c", "a b c d", 1)]
    [InlineData("a b x d", "a b c d", 1)]
    [InlineData("d a b c", "a b c d", 1)]
    [InlineData("c d a b", "a b c d", 1)]
    [InlineData("", "a b", 2)]
    [InlineData("a b", "", 2)]
    [InlineData("A B", "a b", 0)]
    [InlineData("e f g a b c d x", "a b c d e f g", 2)]
    public void Edits_are_words_changed_and_runs_moved(string text, string reference, int edits) => Assert.Equal(edits, Ter.Of([text], [reference]).Edits);

    [Fact]
    public void Of_several_references_the_fewest_edits_and_the_mean_length_count()
    {
        Ter ter = Ter.Of(["a b c"], [["a b c d e", "a b x"]]);

        Assert.Equal(1, ter.Edits);
        Assert.Equal(4, ter.ReferenceWords);
        Assert.Equal(25, ter.Score);
    }

    [Fact]
    public void Without_reference_words_the_score_says_whether_anything_was_written()
    {
        Assert.Equal(0, Ter.Of([""], [""]).Score);
        Assert.Equal(100, Ter.Of(["a"], [""]).Score);
    }

    [Fact]
    public void Texts_of_very_different_length_are_aligned() => Assert.Equal(299, Ter.Of(["a"], [string.Join(' ', Enumerable.Range(0, 300).Select(i => i == 150 ? "a" : $"w{i}"))]).Edits);

    [Fact]
    public void Long_texts_end_after_a_thousand_tries()
    {
        string[] words = [.. Enumerable.Range(0, 120).Select(i => $"w{i % 7}")];

        Assert.InRange(Ter.Of([string.Join(' ', words.Reverse())], [string.Join(' ', words)]).Edits, 1, 120);
    }

    [Theory]
    [InlineData("It's 3.5, \"ok\"\n- x.", "it|'s|3.5|,|\"|ok|\"|x|.", true, false, false)]
    [InlineData("Hello, (world)!", "hello|world", false, true, false)]
    [InlineData("你好，世界。", "你|好|，|世|界|。", true, false, true)]
    [InlineData("你好，世界。", "你|好|世|界", true, true, true)]
    [InlineData("你好，世界。", "你好，世界。", true, false, false)]
    public void Words_are_those_of_tercom(string text, string words, bool normalize, bool withoutPunctuation, bool asian) => Assert.Equal(
        words.Split('|'),
        TerWords.Of(text, new TerOptions { Normalize = normalize, WithoutPunctuation = withoutPunctuation, AsianSupport = asian }));

    [Fact]
    public void Capitals_count_where_they_are_to() => Assert.Equal(1, Ter.Of(["A b"], ["a b"], new TerOptions { CaseSensitive = true }).Edits);

    [Fact]
    public void The_text_is_that_of_sacrebleu() => Assert.Equal("TER = 25.00", Ter.Of(["a b x d"], ["a b c d"]).ToString());
}
