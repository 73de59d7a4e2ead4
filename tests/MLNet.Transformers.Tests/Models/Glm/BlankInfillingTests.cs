using MLNet.Transformers.Models.Glm.ChatGlm1;
using MLNet.Transformers.Models.Glm.Glm2022;

namespace MLNet.Transformers.Tests.Models.Glm;

/// <summary>What the early GLMs are given, worked out by hand for texts of a few tokens: 9 is a blank, 7 begins part B, 8 ends it, 0 fills up.</summary>
public class BlankInfillingTests
{
    private static readonly BlankTokens _special = new(7, 8, 0);

    [Fact]
    public void Part_B_stays_at_the_blank_and_sees_what_came_before()
    {
        BlankInputs inputs = BlankInfilling.ForGeneration([[1, 9, 0]], [[1, 1, 0]], [9], 7, 2);

        Assert.Equal([1, 9, 0, 7], inputs.Ids[0]);
        Assert.Equal([0, 1, 2, 1, 1], inputs.Positions[0][0]);
        Assert.Equal([0, 0, 0, 1, 2], inputs.Positions[0][1]);
        Assert.Equal(["11000", "11000", "11000", "11010", "11011"], inputs.Mask[0].Select(row => string.Concat(row)));
        Assert.Null(inputs.Labels);
    }

    [Theory]
    [InlineData(false, new[] { 1, 9, 7, 5, 6 }, new[] { 0, 0, 5, 6, 8 })]
    [InlineData(true, new[] { 1, 9, 7, 5, 6, 8 }, new[] { 0, 0, 5, 6, 8, 0 })]
    public void Targets_are_shifted_by_one(bool fillUp, int[] ids, int[] labels)
    {
        BlankInputs inputs = BlankInfilling.ForTargets([[1, 9]], [[1, 1]], [[5, 6]], [9], _special, 4, fillUp);

        Assert.Equal(ids, inputs.Ids[0]);
        Assert.Equal(labels, inputs.Labels![0]);
        Assert.Equal(ids.Length, inputs.Mask[0].Length);
    }

    [Fact]
    public void A_long_target_is_cut_and_shorter_ones_are_filled()
    {
        BlankInputs inputs = BlankInfilling.ForTargets([[9], [9]], [[1], [1]], [[5, 6, 4], [5]], [9], _special, 3);

        Assert.Equal([0, 5, 6, 4], inputs.Labels![0]);
        Assert.Equal([0, 5, 8, 0], inputs.Labels[1]);
    }

    [Fact]
    public void Choices_do_not_see_each_other()
    {
        BlankChoices choices = BlankInfilling.ForChoices([[1, 9], [9, 1]], [[1, 1], [1, 1]], [[[5], [6, 4]], [[5], [6]]], 9, 7);

        Assert.Equal([1, 9, 7, 7, 6], choices.Inputs.Ids[0]);
        Assert.Equal([9, 1, 7, 7, 0], choices.Inputs.Ids[1]);
        Assert.Equal([0, 1, 0, 0, 0], choices.Inputs.Positions[1][0]);
        Assert.Equal(["11000", "11000", "11100", "11010", "11011"], choices.Inputs.Mask[0].Select(row => string.Concat(row)));
        Assert.Equal("00000", string.Concat(choices.Inputs.Mask[1][4]));
        Assert.Equal([3, 4], choices.ChoiceIndices[0][1]);
    }

    [Fact]
    public void A_text_without_a_blank_and_an_empty_choice_are_refused()
    {
        Assert.Contains("Text 1 has no blank", Assert.Throws<ArgumentException>(
            () => BlankInfilling.ForGeneration([[9], [1]], [[1], [1]], [9], 7, 2)).Message, StringComparison.Ordinal);
        Assert.Contains("no token", Assert.Throws<ArgumentException>(
            () => BlankInfilling.ForChoices([[9]], [[1]], [[[]]], 9, 7)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ChatGLM_is_filled_up_on_the_left()
    {
        ChatGlm1Batch batch = ChatGlm1Inputs.Pad([[4, 6, 7], [4, 5, 6, 7, 3]], new ChatGlm1Tokens(7, 9, 6, 0));

        Assert.Equal([0, 0, 4, 6, 7], batch.Ids[0]);
        Assert.Equal([0, 0, 0, 1, 1], batch.Positions[0][0]);
        Assert.Equal([0, 0, 0, 0, 1], batch.Positions[0][1]);
        Assert.Equal([0, 1, 2, 2, 2], batch.Positions[1][0]);
        Assert.Equal(["11111", "11111", "11001", "11001", "11000"], batch.NotSeen[0].Select(row => string.Concat(row.Select(flag => flag ? 1 : 0))));
        Assert.Throws<ArgumentException>(() => ChatGlm1Inputs.Pad([[1, 2]], new ChatGlm1Tokens(7, 9, 6, 0), 1));
    }
}
