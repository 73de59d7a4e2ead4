using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Generation;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Tests.Models;
using MLNet.Transformers.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Generation;

/// <summary>Lengths, ends, seeds, streams and cancelling.</summary>
public sealed class TokenGeneratorTests : IDisposable
{
    private readonly TaskModel _model;
    private readonly DisposeScope _scope;

    public TokenGeneratorTests()
    {
        NativeBackend.EnsureLoaded();
        _model = Writers.Llama(30);
        _scope = NewDisposeScope();
    }

    public void Dispose()
    {
        _scope.Dispose();
        _model.Dispose();
    }

    [Fact]
    public void Greedy_search_takes_the_best_token_of_each_step()
    {
        List<int> ids = [1, 5, 9];
        for (int i = 0; i < 4; i++)
        {
            using var noGradient = no_grad();
            ids.Add((int)_model.forward(Writers.Prompt([.. ids])).Logits[0, -1].argmax().item<long>());
        }

        Assert.Equal(ids[3..], Write(new() { MaxNewTokens = 4 })[0]);
    }

    [Fact]
    public void Without_a_length_there_are_twenty_new_tokens_or_as_many_as_the_network_takes()
    {
        int most = _model.Config.MaxTokens!.Value;

        Assert.Equal(Math.Min(20, most - 3), Write(new())[0].Length);
    }

    [Fact]
    public void An_end_token_ends_its_row_only()
    {
        int[][] free = Write(new() { MaxNewTokens = 8 }, [1, 5, 9], [1, 4]);
        int end = free[0][2];
        int expected = Array.IndexOf(free[0], end) + 1;

        IReadOnlyList<IReadOnlyList<GeneratedSequence>> found = Writers.Sequences(_model, Writers.Prompt([1, 5, 9], [1, 4]), new GenerationOptions { MaxNewTokens = 8, EosIds = [29, end] });

        Assert.Equal(free[0][..expected], found[0][0].Ids);
        Assert.Equal(FinishReason.EndToken, found[0][0].Finish);
        int other = free[1].ToList().FindIndex(id => id == end || id == 29);
        Assert.Equal(other < 0 ? free[1] : free[1][..(other + 1)], found[1][0].Ids);
        Assert.Equal(other < 0 ? FinishReason.Length : FinishReason.EndToken, found[1][0].Finish);
    }

    [Fact]
    public void MaxLength_counts_the_prompt() => Assert.Equal(4, Write(new() { MaxLength = 7 })[0].Length);

    [Fact]
    public void A_stop_string_ends_with_the_token_that_completes_it()
    {
        int[] free = Write(new() { MaxNewTokens = 8 })[0];
        string stop = Writers.Letters(free[2..4]);
        int end = Writers.Letters(free).IndexOf(stop, StringComparison.Ordinal) + 2;

        GeneratedSequence found = Writers.Spelled(_model, Writers.Prompt([1, 5, 9]), new GenerationOptions { MaxNewTokens = 8, StopStrings = ["nowhere", stop] })[0][0];

        Assert.Equal(free[..end], found.Ids);
        Assert.Equal(FinishReason.StopString, found.Finish);
    }

    [Fact]
    public void Stop_strings_need_a_decoder()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Write(new() { StopStrings = ["x"] }));

        Assert.Contains("StopStrings", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_seed_draws_the_same_whatever_else_is_in_the_batch()
    {
        var options = new GenerationOptions { Sample = true, Seed = 11, MaxNewTokens = 8, TopK = 0, ReturnedSequences = 2 };

        int[][] alone = Write(options, [1, 5, 9]);

        Assert.Equal(alone, Write(options, [1, 5, 9]));
        Assert.Equal(alone, Write(options, [1, 5, 9], [1, 2, 3]).Take(2));
        Assert.NotEqual(alone[0], alone[1]);
        Assert.NotEqual(alone, Write(options with { Seed = 12 }, [1, 5, 9]));
    }

    [Fact]
    public void Sampling_leaves_the_generator_of_the_process_alone()
    {
        // Trainings of other tests seed the generator of the process; they take turns.
        using Lock.Scope turn = RandomState.Enter(seed: 1, step: 1);
        using Tensor state = get_rng_state();
        long[] before = [.. state.to(ScalarType.Int64).data<long>()];

        Write(new() { Sample = true, MaxNewTokens = 3 });

        using Tensor after = get_rng_state();
        Assert.Equal(before, after.to(ScalarType.Int64).data<long>().ToArray());
    }

    [Fact]
    public void Tokens_are_drawn_by_their_probabilities()
    {
        double[] expected = [.. Softmax([1, 5, 9])];
        const int Draws = 3000;

        int[][] drawn = Write(new() { Sample = true, Seed = 3, MaxNewTokens = 1, TopK = 0, ReturnedSequences = Draws });

        for (int id = 0; id < expected.Length; id++)
        {
            double deviation = Math.Sqrt(expected[id] * (1 - expected[id]) / Draws);
            Assert.Equal(expected[id], drawn.Count(ids => ids[0] == id) / (double)Draws, (5 * deviation) + 1e-3);
        }
    }

    [Fact]
    public void One_of_the_best_k_is_drawn()
    {
        double[] probabilities = [.. Softmax([1, 5, 9])];
        int[] best = [.. Enumerable.Range(0, 30).OrderByDescending(id => probabilities[id]).Take(3)];

        int[][] drawn = Write(new() { Sample = true, Seed = 3, MaxNewTokens = 1, TopK = 3, Temperature = 5, ReturnedSequences = 200 });

        Assert.Equal(best.Order(), drawn.Select(ids => ids[0]).Distinct().Order());
    }

    [Fact]
    public void A_rule_of_the_callers_runs_at_each_step()
    {
        var rule = new Only(4);

        Assert.Equal([4, 4, 4], Write(new() { MaxNewTokens = 3, LogitsProcessors = [rule] })[0]);
        Assert.Equal([3L, 4, 5], rule.Lengths);
    }

    [Fact]
    public void Rows_that_have_ended_leave_the_batch()
    {
        int[][] free = Write(new() { MaxNewTokens = 6 }, [1, 5, 9], [1, 4]);
        var rule = new Only(null);

        Write(new() { MaxNewTokens = 6, EosIds = [free[0][0]], LogitsProcessors = [rule] }, [1, 5, 9], [1, 4]);

        Assert.Equal(2, rule.Rows[0]);
        Assert.All(rule.Rows.Skip(1), rows => Assert.Equal(1, rows));
    }

    [Fact]
    public async Task A_stream_gives_the_tokens_of_generate()
    {
        int[][] expected = Write(new() { MaxNewTokens = 5 }, [1, 5, 9], [1, 4]);
        List<int>[] found = [[], []];

        await foreach (GeneratedToken token in Writers.Stream(_model, () => Writers.Prompt([1, 5, 9], [1, 4]), new GenerationOptions { MaxNewTokens = 5 }))
        {
            found[token.Row].Add(token.Id);
            Assert.Equal(found[token.Row].Count == 5 ? FinishReason.Length : null, token.Finish);
        }

        Assert.Equal(expected, found.Select(ids => ids.ToArray()));
    }

    [Fact]
    public void Beams_cannot_be_streamed()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(Writers.Settings(_model, new GenerationOptions { Beams = 2 }).RequireOneBeam);

        Assert.Contains("Beams is 2", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Cancelling_ends_between_steps(int beams)
    {
        using var cancellation = new CancellationTokenSource();
        var rule = new Only(null, atStep: 3, cancellation.Cancel);

        Assert.Throws<OperationCanceledException>(() => Writers.Sequences(_model, Writers.Prompt([1, 5]), new GenerationOptions { MaxNewTokens = 10, Beams = beams, LogitsProcessors = [rule] }, cancellation.Token));

        Assert.Equal(3, rule.Lengths.Count);
    }

    [Fact]
    public async Task A_stream_is_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        int read = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (GeneratedToken _ in Writers.Stream(_model, () => Writers.Prompt([1, 5]), new GenerationOptions { MaxNewTokens = 10 }, cancellation.Token))
            {
                read++;
                await cancellation.CancelAsync();
            }
        });

        Assert.Equal(1, read);
    }

    [Fact]
    public void A_network_without_a_language_model_cannot_write()
    {
        using TaskModel model = Networks.Create("bert", HeadKind.MaskedLanguageModel);

        NotSupportedException error = Assert.Throws<NotSupportedException>(() => new TokenGenerator(model));

        Assert.Contains("BertForMaskedLM", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_prompt_must_leave_room()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Write(new() { MaxLength = 3 }));

        Assert.Contains("3 tokens", error.Message, StringComparison.Ordinal);
    }

    private int[][] Write(GenerationOptions options, params int[][] prompts) =>
        Writers.Write(_model, Writers.Prompt(prompts.Length == 0 ? [[1, 5, 9]] : prompts), options);

    private IEnumerable<double> Softmax(int[] ids)
    {
        using var noGradient = no_grad();
        return _model.forward(Writers.Prompt(ids)).Logits[0, -1].to(ScalarType.Float64).softmax(0).data<double>().ToArray();
    }

    // Allows one token, or all; notes what it is given.
    private sealed class Only(int? id, int atStep = 0, Action? then = null) : ILogitsProcessor
    {
        public List<long> Lengths { get; } = [];

        public List<long> Rows { get; } = [];

        public Tensor Process(Tensor ids, Tensor scores)
        {
            Lengths.Add(ids.shape[1]);
            Rows.Add(ids.shape[0]);
            if (Lengths.Count == atStep)
            {
                then!();
            }
            return id is { } only ? full_like(scores, float.NegativeInfinity).index_fill(1, tensor([(long)only]), 0f) : scores;
        }
    }
}
