using MLNet.Transformers.Models.Glm.Glm2022;
using MLNet.Transformers.Models.Runtime;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Models.Glm;

/// <summary>Scores of choices by hand: a choice's score is the sum of its tokens' log-probabilities at their places.</summary>
public class ClozeScoresTests
{
    [Fact]
    public void Tokens_of_a_choice_add_up()
    {
        NativeBackend.EnsureLoaded();
        using var scope = NewDisposeScope();
        // Two rows of three places over four words; probabilities are in eighths and tenths.
        float[] chances = [.5f, .25f, .125f, .125f, .1f, .2f, .3f, .4f, .25f, .25f, .25f, .25f, .4f, .3f, .2f, .1f, .125f, .125f, .25f, .5f, .7f, .1f, .1f, .1f];
        // Scores are probabilities up to a constant of each place.
        var logits = tensor(chances, [2, 3, 4]).log() + tensor([3f, -1f, 0f], [1, 3, 1]);

        var scores = ClozeScores.Of(logits, [[[0], [1, 3]], [[3, 0], [2]]], [[[0], [0, 1]], [[1, 2], [1]]]);

        Assert.Equal([2L, 2], scores.shape);
        double[] expected = [Math.Log(.5), Math.Log(.25 * .4), Math.Log(.5 * .7), Math.Log(.25)];
        Assert.All(expected.Zip(Networks.Values(scores)), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public void Scores_are_in_Float32_whatever_the_network_computes_in()
    {
        NativeBackend.EnsureLoaded();
        using var scope = NewDisposeScope();

        Assert.Equal(ScalarType.Float32, ClozeScores.Of(zeros([1, 2, 3], ScalarType.BFloat16), [[[0], [1]]], [[[0], [1]]]).dtype);
    }
}
