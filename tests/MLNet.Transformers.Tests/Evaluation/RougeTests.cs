using MLNet.Transformers.Evaluation;

namespace MLNet.Transformers.Tests.Evaluation;

public class RougeTests
{
    [Theory]
    [InlineData("caresses", "caress")]
    [InlineData("ponies", "poni")]
    [InlineData("ties", "tie")]
    [InlineData("died", "die")]
    [InlineData("spied", "spi")]
    [InlineData("agreed", "agre")]
    [InlineData("feed", "feed")]
    [InlineData("plastered", "plaster")]
    [InlineData("sing", "sing")]
    [InlineData("conflated", "conflat")]
    [InlineData("troubled", "troubl")]
    [InlineData("hopping", "hop")]
    [InlineData("falling", "fall")]
    [InlineData("filing", "file")]
    [InlineData("failing", "fail")]
    [InlineData("happy", "happi")]
    [InlineData("enjoy", "enjoy")]
    [InlineData("flying", "fli")]
    [InlineData("relational", "relat")]
    [InlineData("conditional", "condit")]
    [InlineData("radically", "radic")]
    [InlineData("hopefully", "hope")]
    [InlineData("possibly", "possibl")]
    [InlineData("geology", "geolog")]
    [InlineData("generalization", "gener")]
    [InlineData("electrical", "electr")]
    [InlineData("goodness", "good")]
    [InlineData("adoption", "adopt")]
    [InlineData("opinion", "opinion")]
    [InlineData("replacement", "replac")]
    [InlineData("cease", "ceas")]
    [InlineData("rate", "rate")]
    [InlineData("controlled", "control")]
    [InlineData("skies", "sky")]
    [InlineData("dying", "die")]
    [InlineData("innings", "inning")]
    [InlineData("proceed", "proceed")]
    [InlineData("using", "use")]
    [InlineData("playing", "play")]
    [InlineData("boxing", "box")]
    [InlineData("snowing", "snow")]
    [InlineData("oed", "o")]
    [InlineData("1990s", "1990")]
    public void Stems_are_those_of_nltk(string word, string stem) => Assert.Equal(stem, PorterStemmer.Stem(word));

    [Fact]
    public void Words_are_ascii_letters_and_digits_in_lower_case_and_short_ones_are_not_stemmed()
    {
        Assert.Equal(["don", "t", "caf", "x2", "stra", "e", "i"], RougeWords.Of("Don't café_X2 STRAẞE \u0130中", stem: false));
        Assert.Equal(["was", "cat"], RougeWords.Of("was cats", stem: true));
    }

    [Fact]
    public void Scores_by_hand()
    {
        Rouge rouge = Rouge.Of(["the cat sat on mat"], ["the cat on the mat"]);

        Assert.Equal(0.8, rouge.Rouge1.F1, 1e-12);
        Assert.Equal(0.25, rouge.Rouge2.F1, 1e-12);
        Assert.Equal(0.8, rouge.RougeL.F1, 1e-12);
    }

    // In one line the second sentence cannot be found behind the first; by lines both can.
    [Fact]
    public void By_lines_sentences_may_stand_in_any_order()
    {
        Rouge rouge = Rouge.Of(["c d\na b"], ["a b\nc d"]);

        Assert.Equal(0.5, rouge.RougeL.F1, 1e-12);
        Assert.Equal(1, rouge.RougeLsum.F1, 1e-12);
    }

    [Fact]
    public void By_lines_no_word_counts_more_often_than_it_was_written()
    {
        Rouge rouge = Rouge.Of(["a b"], ["a b\na c"]);

        Assert.Equal(1, rouge.RougeLsum.Precision, 1e-12);
        Assert.Equal(0.5, rouge.RougeLsum.Recall, 1e-12);
    }

    [Fact]
    public void Of_several_references_each_score_takes_its_best()
    {
        Rouge rouge = Rouge.Of(["a b c"], [["c b a", "a b x y"]]);

        Assert.Equal(1, rouge.Rouge1.F1, 1e-12);
        Assert.Equal(2 * 0.5 * (1.0 / 3) / (0.5 + 1.0 / 3), rouge.Rouge2.F1, 1e-12);
    }

    [Fact]
    public void The_score_of_several_texts_is_their_mean()
    {
        Assert.Equal(0.5, Rouge.Of(["a", "b"], ["a", "c"]).Rouge1.F1, 1e-12);
        Assert.Equal(0, Rouge.Of(["a", ""], ["a", "c"]).Rouge2.F1);
    }

    [Theory]
    [InlineData("", "a")]
    [InlineData("a", "")]
    [InlineData("", "")]
    [InlineData("中文", "中文")]
    public void Texts_without_words_score_0(string text, string reference) =>
        Assert.Equal(new Rouge(default, default, default, default), Rouge.Of([text], [reference]));

    [Fact]
    public void The_text_is_an_aligned_table() => Assert.Equal(
        """
                    precision  recall      F1
        ROUGE-1        100.00  100.00  100.00
        ROUGE-2          0.00    0.00    0.00
        ROUGE-L        100.00  100.00  100.00
        ROUGE-Lsum     100.00  100.00  100.00
        """.ReplaceLineEndings("\n"),
        Rouge.Of(["a"], ["a"]).ToString());
}
