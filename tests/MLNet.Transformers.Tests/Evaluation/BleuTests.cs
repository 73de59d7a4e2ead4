using MLNet.Transformers.Evaluation;

namespace MLNet.Transformers.Tests.Evaluation;

public class BleuTests
{
    [Theory]
    [InlineData(BleuTokenizer.Mteval13a, "Hello, world! 3.5-inch", "Hello|,|world|!|3.5|-|inch")]
    [InlineData(BleuTokenizer.Mteval13a, "in 1999.", "in|1999|.")]
    [InlineData(BleuTokenizer.International, "in 1999.", "in|1999.")]
    [InlineData(BleuTokenizer.International, "Hello, “world”! 1,5 $3 a+b €2 😀x", "Hello|,|“|world|”|!|1,5|$|3|a|+|b|€|2|😀|x")]
    [InlineData(BleuTokenizer.International, "中文，标点。", "中文|，|标点|。")]
    [InlineData(BleuTokenizer.International, "\U0001D7CF.\U0001D7CF a.\U0001D7CF", "\U0001D7CF.\U0001D7CF|a|.|\U0001D7CF")]
    [InlineData(BleuTokenizer.Chinese, "他用了3.5小时，“OK”。", "他|用|了|3.5|小|时|，|“|OK|”|。")]
    [InlineData(BleuTokenizer.Chinese, "a–b 1999.", "a|–|b|1999.")]
    [InlineData(BleuTokenizer.Characters, "ab 😀c", "a|b|😀|c")]
    [InlineData(BleuTokenizer.None, " a,b\u001cc\u3000d ", "a,b|c|d")]
    public void Words_are_those_of_the_tokenizer(BleuTokenizer tokenizer, string text, string words) =>
        Assert.Equal(words.Split('|'), BleuWords.Of(text, tokenizer));

    [Fact]
    public void Of_several_references_the_nearest_in_length_counts_and_any_may_match()
    {
        Bleu bleu = Bleu.Of(["a b c d e"], [["a b c x y z", "d e f g"]]);

        Assert.Equal([5, 3, 1, 0], bleu.Matches);
        Assert.Equal(4, bleu.ReferenceWords);
        Assert.Equal(1, bleu.BrevityPenalty);
    }

    [Theory]
    [InlineData(BleuSmoothing.None, 0.0, null)]
    [InlineData(BleuSmoothing.Exponential, 0.5, null)]
    [InlineData(BleuSmoothing.Floor, 0.1, null)]
    [InlineData(BleuSmoothing.Floor, 0.3, 0.3)]
    public void Runs_without_a_match_count_what_smoothing_says(BleuSmoothing smoothing, double counted, double? value)
    {
        Bleu bleu = Bleu.Of(["a b c x"], ["a b c d"], new BleuOptions { Smoothing = smoothing, SmoothingValue = value });

        Assert.Equal(100 * counted, bleu.Precisions[3], 1e-12);
        Assert.Equal(100 * Math.Pow(0.75 * (2.0 / 3) * 0.5 * counted, 0.25), bleu.Score, 1e-9);
    }

    [Fact]
    public void Adding_k_leaves_single_words_alone()
    {
        Bleu bleu = Bleu.Of(["a b c x"], ["a b c d"], new BleuOptions { Smoothing = BleuSmoothing.AddK });

        Assert.Equal([75, 75, 200.0 / 3, 50], bleu.Precisions.Select(precision => Math.Round(precision, 10)), (one, other) => Math.Abs(one - other) < 1e-9);
        Assert.Equal([3, 2, 1, 0], bleu.Matches);
    }

    [Fact]
    public void A_short_sentence_scores_by_the_runs_that_it_has_where_that_is_asked_for()
    {
        Assert.Equal(0, Bleu.Of(["a b"], ["a b"]).Score);
        Assert.Equal(100, Bleu.Of(["a b"], ["a b"], new BleuOptions { EffectiveOrder = true }).Score, 1e-9);
    }

    [Fact]
    public void Without_a_word_the_score_is_0() => Assert.Equal(0, Bleu.Of([""], ["a b c d"]).Score);

    [Fact]
    public void An_empty_reference_is_passed_over_where_there_is_another()
    {
        Assert.Equal(5, Bleu.Of(["a"], [["", "a b c d e"]]).ReferenceWords);
        Assert.Equal(0, Bleu.Of(["a"], [[""]]).ReferenceWords);
    }

    [Fact]
    public void The_text_is_that_of_sacrebleu() => Assert.Equal(
        "BLEU = 59.46 75.0/66.7/50.0/50.0 (BP = 1.000 ratio = 1.000 hyp_len = 4 ref_len = 4)", Bleu.Of(["a b c x"], ["a b c d"]).ToString());

    [Fact]
    public void A_row_without_a_reference_is_named()
    {
        var error = Assert.Throws<ArgumentException>(() => Bleu.Of(["a", "b"], [["a"], []]));

        Assert.StartsWith("Row 2: there is no reference", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_number_of_references_is_refused() => Assert.Throws<ArgumentException>(() => Bleu.Of(["a", "b"], ["a"]));

    [Fact]
    public void An_unknown_tokenizer_is_refused() =>
        Assert.Equal("Tokenizer", Assert.Throws<ArgumentOutOfRangeException>(() => Bleu.Of(["a"], ["a"], new BleuOptions { Tokenizer = (BleuTokenizer)9 })).ParamName);
}
