using MLNet.Transformers.Models.Generation;
using MLNet.Transformers.Models.Generation.Rules;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Generation;

/// <summary>Each rule against numbers that were worked out by hand.</summary>
public sealed class LogitsRuleTests : IDisposable
{
    private const float Never = float.NegativeInfinity;

    private readonly DisposeScope _scope;

    public LogitsRuleTests()
    {
        NativeBackend.EnsureLoaded();
        _scope = NewDisposeScope();
    }

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Repetition_penalty_divides_what_is_above_zero_and_multiplies_what_is_below() =>
        Check(new RepetitionPenalty(2), [[1, 2, 1]], [4, 3, -3, 5], [4, 1.5f, -6, 5]);

    [Fact]
    public void Repetition_penalty_does_not_count_padding() =>
        Check(new RepetitionPenalty(2), [[0, 0, 1]], [4, 3, -3, 5], [4, 1.5f, -3, 5], seen: [[false, false, true]]);

    [Fact]
    public void Repetition_penalty_counts_the_padding_id_where_it_is_a_token() =>
        Check(new RepetitionPenalty(2), [[0, 0, 1]], [4, 3, -3, 5], [2, 1.5f, -3, 5], seen: [[false, true, true]]);

    [Fact]
    public void Encoder_repetition_penalty_favours_the_source() =>
        Check(new EncoderRepetitionPenalty(2), [[1]], [4, 3, -3, 5], [4, 3, -1.5f, 10], source: [[2, 3, 0]], sourceSeen: [[true, true, false]]);

    [Fact]
    public void No_bigram_is_written_twice() =>
        Check(new NoRepeatNgram(2), [[1, 2, 1, 3, 1]], [0, 1, 2, 3], [0, 1, Never, Never]);

    [Fact]
    public void No_trigram_is_written_twice() =>
        Check(new NoRepeatNgram(3), [[1, 2, 3, 0, 1, 2]], [0, 1, 2, 3], [0, 1, 2, Never]);

    [Fact]
    public void Ngrams_of_one_forbid_every_token() =>
        Check(new NoRepeatNgram(1), [[1, 2]], [0, 1, 2, 3], [0, Never, Never, 3]);

    [Fact]
    public void An_ngram_that_does_not_fit_forbids_nothing() =>
        Check(new NoRepeatNgram(4), [[1, 1, 1]], [0, 1, 2, 3], [0, 1, 2, 3]);

    [Fact]
    public void Ngrams_of_padding_forbid_nothing() =>
        Check(new NoRepeatNgram(2), [[0, 0, 1, 0]], [0, 1, 2, 3], [0, 1, 2, 3], seen: [[false, false, true, true]]);

    [Fact]
    public void Encoder_ngrams_are_those_of_the_source() =>
        Check(new EncoderNoRepeatNgram(2), [[3, 1]], [0, 1, 2, 3], [0, 1, Never, 3], source: [[1, 2, 0]]);

    [Fact]
    public void Encoder_ngrams_of_a_decoder_alone_are_those_of_the_prompt()
    {
        var rule = new EncoderNoRepeatNgram(2);

        Check(rule, [[1, 2]], [0, 1, 2, 3], [0, 1, 2, 3]);
        // 2, 3 was written behind the prompt, and may be written again.
        Check(rule, [[1, 2, 3, 2]], [0, 1, 2, 3], [0, 1, 2, 3]);
        Check(rule, [[1, 2, 3, 1]], [0, 1, 2, 3], [0, 1, Never, 3]);
    }

    [Fact]
    public void Bad_words_are_not_completed() =>
        Check(SequenceBias.Forbidding([[1, 2], [3], [0, 0, 0]], []), [[0, 1], [2, 2]], [0, 1, 2, 3, 0, 1, 2, 3], [0, 1, Never, Never, 0, 1, 2, Never]);

    [Fact]
    public void An_end_token_is_no_bad_word() =>
        Check(SequenceBias.Forbidding([[3], [2]], endIds: [3]), [[0]], [0, 1, 2, 3], [0, 1, Never, 3]);

    [Fact]
    public void Biases_are_added_where_they_complete_a_sequence() =>
        Check(new SequenceBias([([1, 2], 2.5), ([2], 1), ([1, 0], -1)]), [[0, 1], [1, 0]], [0, 1, 2, 3, 0, 1, 2, 3], [-1, 1, 5.5f, 3, 0, 1, 3, 3]);

    [Fact]
    public void Short_texts_do_not_end()
    {
        var rule = new MinimumLength(3, [1, 3]);

        Check(rule, [[0, 0]], [0, 1, 2, 3], [0, Never, 2, Never]);
        Check(rule, [[0, 0, 0]], [0, 1, 2, 3], [0, 1, 2, 3]);
    }

    [Fact]
    public void Forced_tokens_are_the_only_ones_at_their_place()
    {
        var rule = new ForcedTokens([1, 2], 2);

        Check(rule, [[0]], [0, 1, 2, 3], [0, 1, 2, 3]);
        Check(rule, [[0, 0]], [0, 1, 2, 3], [Never, 0, 0, Never]);
    }

    [Fact]
    public void Suppressed_tokens_are_never_written() => Check(new SuppressedTokens([0, 2]), [[1]], [0, 1, 2, 3], [Never, 1, Never, 3]);

    [Fact]
    public void Suppressed_first_tokens_may_be_written_later()
    {
        var rule = new SuppressedAtBeginning([1], 1);

        Check(rule, [[1]], [0, 1, 2, 3], [0, Never, 2, 3]);
        Check(rule, [[1, 0]], [0, 1, 2, 3], [0, 1, 2, 3]);
    }

    [Fact]
    public void End_tokens_become_more_likely_with_each_token()
    {
        var rule = new DecayingLength(2, 2, [1, 2]);

        Check(rule, [[0, 0]], [0, 3, -2, 1], [0, 3, -2, 1]);
        Check(rule, [[0, 0, 0]], [0, 3, -2, 1], [0, 6, 0, 1]);
        Check(rule, [[0, 0, 0, 0]], [0, 3, -2, 1], [0, 12, 4, 1]);
    }

    [Fact]
    public void Temperature_divides() => Check(new Temperature(0.5), [[0]], [0, 1, -2, 3], [0, 2, -4, 6]);

    [Fact]
    public void TopK_keeps_the_best_and_their_equals()
    {
        Check(new TopK(2), [[0]], [0, 3, 2, 1], [Never, 3, 2, Never]);
        Check(new TopK(2), [[0]], [2, 3, 2, 1], [2, 3, 2, Never]);
        Check(new TopK(9), [[0]], [0, 3, 2, 1], [0, 3, 2, 1]);
    }

    // Probabilities 0.5, 0.3, 0.15 and 0.05.
    [Theory]
    [InlineData(0.81, 1, 3)]
    [InlineData(0.79, 1, 2)]
    [InlineData(0.49, 1, 1)]
    [InlineData(0.49, 3, 3)]
    [InlineData(0, 1, 1)]
    public void TopP_keeps_a_share(double share, int least, int kept) => CheckKept(new TopP(share, least), kept);

    [Theory]
    [InlineData(0.05, 1, 4)]
    [InlineData(0.2, 1, 3)]
    [InlineData(0.61, 1, 1)]
    [InlineData(0.61, 2, 2)]
    public void MinP_keeps_what_is_near_the_best(double share, int least, int kept) => CheckKept(new MinP(share, least), kept);

    [Theory]
    [InlineData(0.04, 1, 4)]
    [InlineData(0.2, 1, 2)]
    [InlineData(0.9, 1, 1)]
    [InlineData(0.9, 3, 3)]
    public void Epsilon_cutoff_keeps_what_is_likely(double probability, int least, int kept) => CheckKept(new EpsilonCutoff(probability, least), kept);

    // Entropy 1.142: √ε·exp(-1.142) is 0.1427, 0.2855 and 0.3028, each less than its ε; at 0.04 it is 0.0638, and ε counts.
    [Theory]
    [InlineData(0.04, 4)]
    [InlineData(0.2, 3)]
    [InlineData(0.8, 2)]
    [InlineData(0.9, 1)]
    public void Eta_cutoff_follows_the_entropy(double epsilon, int kept) => CheckKept(new EtaCutoff(epsilon, 1), kept);

    // Information 0.693, 1.204, 1.897, 2.996; entropy 1.142: the second is nearest, then the first, then the third.
    [Theory]
    [InlineData(0.25, 1, new[] { 1 })]
    [InlineData(0.5, 1, new[] { 0, 1 })]
    [InlineData(0.9, 1, new[] { 0, 1, 2 })]
    [InlineData(0.25, 3, new[] { 0, 1, 2 })]
    public void TypicalP_keeps_what_is_expected(double share, int least, int[] kept) => CheckKept(new TypicalP(share, least), kept);

    [Fact]
    public void TypicalP_works_where_tokens_are_forbidden() => Check(new TypicalP(0.3, 1), [[0]], [0, Never, -1, Never], [0, Never, Never, Never]);

    [Fact]
    public void Renormalization_makes_probabilities()
    {
        using Tensor found = new Renormalization().Process(Tokens([[0]], null, null, null), tensor([1f, 2, 3]).unsqueeze(0));

        Assert.Equal(1, Networks.Values(found).Sum(value => Math.Exp(value)), 1e-6);
    }

    private static void CheckKept(ILogitsRule rule, int kept) => CheckKept(rule, [.. Enumerable.Range(0, kept)]);

    private static void CheckKept(ILogitsRule rule, int[] kept)
    {
        // Not in order, so that sorting has to be undone.
        float[] scores = [.. new[] { 0.15, 0.5, 0.05, 0.3 }.Select(value => (float)Math.Log(value))];
        int[] places = [1, 3, 0, 2];
        float[] expected = [Never, Never, Never, Never];
        foreach (int rank in kept)
        {
            expected[places[rank]] = scores[places[rank]];
        }
        Check(rule, [[0]], scores, expected);
    }

    private static void Check(
        ILogitsRule rule, long[][] ids, float[] scores, float[] expected, bool[][]? seen = null, long[][]? source = null, bool[][]? sourceSeen = null)
    {
        using Tensor given = tensor(scores, [ids.Length, scores.Length / ids.Length]);

        using Tensor found = rule.Process(Tokens(ids, seen, source, sourceSeen), given);

        Assert.Equal(expected, Networks.Values(found));
        Assert.Equal(scores, Networks.Values(given));
    }

    private static DecodedTokens Tokens(long[][] ids, bool[][]? seen, long[][]? source, bool[][]? sourceSeen) =>
        new(Rows(ids)!, Rows(seen), Rows(source), Rows(sourceSeen));

    private static Tensor? Rows<T>(T[][]? rows) where T : unmanaged => rows is null ? null : stack([.. rows.Select(row => row is long[] ids ? tensor(ids) : tensor((bool[])(object)row))]);
}
