namespace MLNet.Transformers.Tests.Evaluation;

public class ChrfTests
{
    // Characters: one of two, then none of one; F of the mean precision and recall, 0.25 each.
    [Fact]
    public void The_score_by_hand() => Assert.Equal(25, Chrf.Of(["ax"], ["ay"], new ChrfOptions { CharacterOrder = 2 }).Score, 1e-9);

    [Fact]
    public void Lengths_that_one_text_is_too_short_for_are_left_out_or_count_next_to_nothing()
    {
        Assert.Equal(100, Chrf.Of(["ab"], ["ab"]).Score, 1e-9);
        Assert.Equal(100 / 3.0, Chrf.Of(["ab"], ["ab"], new ChrfOptions { EpsilonSmoothing = true }).Score, 1e-9);
    }

    [Fact]
    public void White_space_counts_only_where_it_is_asked_for()
    {
        Assert.Equal(100, Chrf.Of(["a b c"], ["abc"]).Score, 1e-9);
        Assert.True(Chrf.Of(["a b c"], ["abc"], new ChrfOptions { Whitespace = true }).Score < 80);
    }

    // Words "(hi" and ")": of "(hi)" and "hi" none is common.
    [Fact]
    public void One_mark_is_set_apart_from_a_word()
    {
        ChrfOptions words = new() { CharacterOrder = 1, WordOrder = 1, Beta = 1 };

        Assert.Equal(100 * F((0.5 + 0.5) / 2, (1 + 0.5) / 2), Chrf.Of(["(hi)"], ["h)"], words).Score, 1e-9);
        Assert.Equal(100 * F((2.0 / 3 + 0.5) / 2, 1), Chrf.Of(["(hi"], ["hi"], words).Score, 1e-9);

        static double F(double precision, double recall) => 2 * precision * recall / (precision + recall);
    }

    [Fact]
    public void Of_several_references_the_best_counts() =>
        Assert.Equal(Chrf.Of(["abcdef"], ["abcdxf"]).Score, Chrf.Of(["abcdef"], [["zzzz", "abcdxf", "az"]]).Score);

    [Fact]
    public void A_character_beyond_the_first_plane_is_one() => Assert.Equal(50, Chrf.Of(["😀😁"], ["😀😂"], new ChrfOptions { CharacterOrder = 1 }).Score, 1e-9);

    [Fact]
    public void Capitals_differ_unless_said_otherwise()
    {
        Assert.Equal(0, Chrf.Of(["ABC"], ["abc"]).Score);
        Assert.Equal(100, Chrf.Of(["ABC"], ["abc"], new ChrfOptions { Lowercase = true }).Score, 1e-9);
    }

    [Fact]
    public void An_empty_text_scores_0() => Assert.Equal(0, Chrf.Of([""], ["abc"]).Score);

    [Fact]
    public void The_text_names_the_kind()
    {
        Assert.Equal("chrF2 = 100.00", Chrf.Of(["abc"], ["abc"]).ToString());
        Assert.Equal("chrF2++ = 100.00", Chrf.Of(["abc"], ["abc"], ChrfOptions.PlusPlus).ToString());
    }

    [Fact]
    public void An_order_of_0_is_refused() =>
        Assert.Equal("CharacterOrder", Assert.Throws<ArgumentOutOfRangeException>(() => Chrf.Of(["a"], ["a"], new ChrfOptions { CharacterOrder = 0 })).ParamName);
}
