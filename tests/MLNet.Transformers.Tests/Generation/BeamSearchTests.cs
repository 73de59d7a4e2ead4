using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Generation;
using MLNet.Transformers.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Generation;

/// <summary>With as many beams as there are texts, beam search finds the best of all, which can be counted.</summary>
public sealed class BeamSearchTests
{
    private const int Vocabulary = 5;
    private const int End = 2;
    private const int MostTokens = 3;

    public BeamSearchTests() => NativeBackend.EnsureLoaded();

    [Theory]
    [InlineData(1.0, 7)]
    [InlineData(0.0, 8)]
    [InlineData(2.0, 9)]
    [InlineData(-0.5, 10)]
    public void Finds_the_best_of_all_texts(double lengthPenalty, int seed)
    {
        using TaskModel model = Writers.Llama(Vocabulary, seed);
        int[] prompt = [1, 4, 3];
        const int Beams = 64;
        (int[] Ids, double Score)[] all = [.. AllTexts(model, prompt, lengthPenalty).OrderByDescending(text => text.Score)];

        using var scope = NewDisposeScope();
        IReadOnlyList<GeneratedSequence> found = Writers.Sequences(model, Writers.Prompt(prompt), new GenerationOptions
        {
            Beams = Beams, ReturnedSequences = 5, MaxNewTokens = MostTokens, EosIds = [End], LengthPenalty = lengthPenalty, EarlyStopping = EarlyStopping.Never,
        })[0];

        Assert.Equal(all.Take(5).Select(text => Writers.Letters(text.Ids)), found.Select(text => Writers.Letters(text.Ids)));
        Assert.All(all.Zip(found), pair => Assert.Equal(pair.First.Score, pair.Second.Score!.Value, 1e-4));
    }

    [Fact]
    public void Few_beams_follow_the_best_of_each_step()
    {
        using TaskModel model = Writers.Llama(Vocabulary);
        int[] prompt = [1, 3];

        using var scope = NewDisposeScope();
        GeneratedSequence found = Writers.Sequences(model, Writers.Prompt(prompt), new GenerationOptions { Beams = 2, MaxNewTokens = 4, EosIds = [] })[0][0];

        (int[] Ids, double Sum)[] beams = [([], 0)];
        for (int step = 0; step < 4; step++)
        {
            beams = [.. beams.SelectMany(beam => LogProbabilities(model, [.. prompt, .. beam.Ids]).Select((value, id) => ((int[])[.. beam.Ids, id], beam.Sum + value)))
                .OrderByDescending(beam => beam.Item2).Take(2)];
        }
        Assert.Equal(beams[0].Ids, found.Ids);
        Assert.Equal(beams[0].Sum / 4, found.Score!.Value, 1e-5);
    }

    // Two beams; a text that ends with its first token is kept, and what goes on cannot be better.
    [Theory]
    [InlineData(EarlyStopping.WhenFull, true)]
    [InlineData(EarlyStopping.Heuristic, false)]
    [InlineData(EarlyStopping.Never, false)]
    public void A_group_is_done_when_its_rule_says_so(EarlyStopping rule, bool done)
    {
        var group = new BeamGroup(2, lengthPenalty: 1, rule, mostTokens: 10);
        group.Advance([Of(0, [5], -1, FinishReason.EndToken), Of(0, [6], -1.1f, null), Of(0, [7], -1.2f, null), Of(0, [8], -9, null)]);
        Assert.False(group.IsDone);

        int[] from = group.Advance([Of(1, [7, 5], -2.4f, FinishReason.EndToken), Of(0, [6, 6], -2.2f, null), Of(1, [7, 6], -2.5f, null), Of(1, [7, 7], -9, null)]);

        Assert.Equal([0, 1], from);
        Assert.Equal([-1f, -1.2f], group.Finished.Select(text => text.Score));
        // -2.2 / 2 = -1.1 is better than -1.2.
        Assert.Equal(done, group.IsDone);
    }

    [Fact]
    public void The_heuristic_divides_by_the_length_so_far_and_never_by_the_longest()
    {
        foreach ((EarlyStopping rule, bool done) in (IEnumerable<(EarlyStopping, bool)>)[(EarlyStopping.Heuristic, true), (EarlyStopping.Never, false)])
        {
            var group = new BeamGroup(1, lengthPenalty: 1, rule, mostTokens: 10);

            group.Advance([Of(0, [5], -1, FinishReason.EndToken), Of(0, [6], -1.5f, null)]);

            Assert.Equal(done, group.IsDone);
        }
    }

    [Fact]
    public void Only_as_many_of_the_best_may_finish_as_there_are_beams()
    {
        var group = new BeamGroup(1, lengthPenalty: 1, EarlyStopping.Never, mostTokens: 10);

        group.Advance([Of(0, [6], -1, null), Of(0, [5], -1.1f, FinishReason.EndToken), Of(0, [7], -3, null)]);

        Assert.Null(group.Finished[0].Finish);
        Assert.Equal([6], group.Running[0].Tokens);
    }

    [Fact]
    public void Sampled_beams_are_reproducible_and_scored_like_others()
    {
        using TaskModel model = Writers.Llama(30);
        using var scope = NewDisposeScope();
        var options = new GenerationOptions { Beams = 3, Sample = true, Seed = 4, MaxNewTokens = 5, EosIds = [], TopK = 0, LengthPenalty = 0 };

        GeneratedSequence first = Writers.Sequences(model, Writers.Prompt([1, 7]), options)[0][0];
        GeneratedSequence again = Writers.Sequences(model, Writers.Prompt([1, 7]), options)[0][0];

        Assert.Equal(first.Ids, again.Ids);
        double sum = Enumerable.Range(0, 5).Sum(i => LogProbabilities(model, [1, 7, .. first.Ids.Take(i)])[first.Ids[i]]);
        Assert.Equal(sum, first.Score!.Value, 1e-4);
    }

    private static Candidate Of(int beam, int[] tokens, float score, FinishReason? finish) => new(beam, new Hypothesis(tokens, score, finish));

    private static IEnumerable<(int[] Ids, double Score)> AllTexts(TaskModel model, int[] prompt, double lengthPenalty)
    {
        return Behind([], 0);

        IEnumerable<(int[], double)> Behind(int[] ids, double sum)
        {
            if (ids.Length == MostTokens || (ids.Length > 0 && ids[^1] == End))
            {
                return [(ids, sum / Math.Pow(ids.Length, lengthPenalty))];
            }
            double[] next = LogProbabilities(model, [.. prompt, .. ids]);
            return next.SelectMany((value, id) => Behind([.. ids, id], sum + value)).ToArray();
        }
    }

    private static double[] LogProbabilities(TaskModel model, int[] ids)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        return [.. model.forward(Writers.Prompt(ids)).Logits[0, -1].to(ScalarType.Float64).log_softmax(0).data<double>()];
    }
}
