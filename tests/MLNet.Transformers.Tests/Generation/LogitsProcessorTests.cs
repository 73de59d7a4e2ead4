using MLNet.Transformers.Models.Generation;
using MLNet.Transformers.Models.Generation.LogitsProcessors;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Generation;

/// <summary>Each rule against numbers that were worked out by hand.</summary>
public sealed class LogitsProcessorTests : IDisposable
{
    private const float Never = float.NegativeInfinity;

    private readonly DisposeScope _scope;

    public LogitsProcessorTests()
    {
        NativeBackend.EnsureLoaded();
        _scope = NewDisposeScope();
    }

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void RepetitionPenaltyDividesWhatIsAbove0AndMultipliesWhatIsBelow() =>
        Check(new RepetitionPenalty(2), [[1, 2, 1]], [4, 3, -3, 5], [4, 1.5f, -6, 5]);

    [Fact]
    public void RepetitionPenaltyDoesNotCountPadding() =>
        Check(new RepetitionPenalty(2), [[0, 0, 1]], [4, 3, -3, 5], [4, 1.5f, -3, 5], seen: [[false, false, true]]);

    [Fact]
    public void RepetitionPenaltyCountsThePaddingIdWhereItIsAToken() =>
        Check(new RepetitionPenalty(2), [[0, 0, 1]], [4, 3, -3, 5], [2, 1.5f, -3, 5], seen: [[false, true, true]]);

    [Fact]
    public void EncoderRepetitionPenaltyFavoursTheSource() =>
        Check(new EncoderRepetitionPenalty(2), [[1]], [4, 3, -3, 5], [4, 3, -1.5f, 10], source: [[2, 3, 0]], sourceSeen: [[true, true, false]]);

    [Fact]
    public void NoBigramIsWrittenTwice() =>
        Check(new NoRepeatNgram(2), [[1, 2, 1, 3, 1]], [0, 1, 2, 3], [0, 1, Never, Never]);

    [Fact]
    public void NoTrigramIsWrittenTwice() =>
        Check(new NoRepeatNgram(3), [[1, 2, 3, 0, 1, 2]], [0, 1, 2, 3], [0, 1, 2, Never]);

    [Fact]
    public void NgramsOfOneForbidEveryToken() =>
        Check(new NoRepeatNgram(1), [[1, 2]], [0, 1, 2, 3], [0, Never, Never, 3]);

    [Fact]
    public void AnNgramThatDoesNotFitForbidsNothing() =>
        Check(new NoRepeatNgram(4), [[1, 1, 1]], [0, 1, 2, 3], [0, 1, 2, 3]);

    [Fact]
    public void NgramsOfPaddingForbidNothing() =>
        Check(new NoRepeatNgram(2), [[0, 0, 1, 0]], [0, 1, 2, 3], [0, 1, 2, 3], seen: [[false, false, true, true]]);

    [Fact]
    public void EncoderNgramsAreThoseOfTheSource() =>
        Check(new EncoderNoRepeatNgram(2), [[3, 1]], [0, 1, 2, 3], [0, 1, Never, 3], source: [[1, 2, 0]]);

    [Fact]
    public void EncoderNgramsOfADecoderAloneAreThoseOfThePrompt()
    {
        var rule = new EncoderNoRepeatNgram(2);

        Check(rule, [[1, 2]], [0, 1, 2, 3], [0, 1, 2, 3]);
        // 2, 3 was written behind the prompt, and may be written again.
        Check(rule, [[1, 2, 3, 2]], [0, 1, 2, 3], [0, 1, 2, 3]);
        Check(rule, [[1, 2, 3, 1]], [0, 1, 2, 3], [0, 1, Never, 3]);
    }

    [Fact]
    public void BadWordsAreNotCompleted() =>
        Check(SequenceBias.Forbidding([[1, 2], [3], [0, 0, 0]], []), [[0, 1], [2, 2]], [0, 1, 2, 3, 0, 1, 2, 3], [0, 1, Never, Never, 0, 1, 2, Never]);

    [Fact]
    public void AnEndTokenIsNoBadWord() =>
        Check(SequenceBias.Forbidding([[3], [2]], endIds: [3]), [[0]], [0, 1, 2, 3], [0, 1, Never, 3]);

    [Fact]
    public void BiasesAreAddedWhereTheyCompleteASequence() =>
        Check(new SequenceBias([([1, 2], 2.5), ([2], 1), ([1, 0], -1)]), [[0, 1], [1, 0]], [0, 1, 2, 3, 0, 1, 2, 3], [-1, 1, 5.5f, 3, 0, 1, 3, 3]);

    [Fact]
    public void ShortTextsDoNotEnd()
    {
        var rule = new MinimumLength(3, [1, 3]);

        Check(rule, [[0, 0]], [0, 1, 2, 3], [0, Never, 2, Never]);
        Check(rule, [[0, 0, 0]], [0, 1, 2, 3], [0, 1, 2, 3]);
    }

    [Fact]
    public void ForcedTokensAreTheOnlyOnesAtTheirPlace()
    {
        var rule = new ForcedTokens([1, 2], 2);

        Check(rule, [[0]], [0, 1, 2, 3], [0, 1, 2, 3]);
        Check(rule, [[0, 0]], [0, 1, 2, 3], [Never, 0, 0, Never]);
    }

    [Fact]
    public void SuppressedTokensAreNeverWritten() => Check(new SuppressedTokens([0, 2]), [[1]], [0, 1, 2, 3], [Never, 1, Never, 3]);

    [Fact]
    public void SuppressedFirstTokensMayBeWrittenLater()
    {
        var rule = new SuppressedAtBeginning([1], 1);

        Check(rule, [[1]], [0, 1, 2, 3], [0, Never, 2, 3]);
        Check(rule, [[1, 0]], [0, 1, 2, 3], [0, 1, 2, 3]);
    }

    [Fact]
    public void EndTokensBecomeMoreLikelyWithEachToken()
    {
        var rule = new DecayingLength(2, 2, [1, 2]);

        Check(rule, [[0, 0]], [0, 3, -2, 1], [0, 3, -2, 1]);
        Check(rule, [[0, 0, 0]], [0, 3, -2, 1], [0, 6, 0, 1]);
        Check(rule, [[0, 0, 0, 0]], [0, 3, -2, 1], [0, 12, 4, 1]);
    }

    [Fact]
    public void TemperatureDivides() => Check(new Temperature(0.5), [[0]], [0, 1, -2, 3], [0, 2, -4, 6]);

    [Fact]
    public void TopKKeepsTheBestAndTheirEquals()
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
    public void TopPKeepsAShare(double share, int least, int kept) => CheckKept(new TopP(share, least), kept);

    [Theory]
    [InlineData(0.05, 1, 4)]
    [InlineData(0.2, 1, 3)]
    [InlineData(0.61, 1, 1)]
    [InlineData(0.61, 2, 2)]
    public void MinPKeepsWhatIsNearTheBest(double share, int least, int kept) => CheckKept(new MinP(share, least), kept);

    [Theory]
    [InlineData(0.04, 1, 4)]
    [InlineData(0.2, 1, 2)]
    [InlineData(0.9, 1, 1)]
    [InlineData(0.9, 3, 3)]
    public void EpsilonCutoffKeepsWhatIsLikely(double probability, int least, int kept) => CheckKept(new EpsilonCutoff(probability, least), kept);

    // Entropy 1.142: √ε·exp(-1.142) is 0.1427, 0.2855 and 0.3028, each less than its ε; at 0.04 it is 0.0638, and ε counts.
    [Theory]
    [InlineData(0.04, 4)]
    [InlineData(0.2, 3)]
    [InlineData(0.8, 2)]
    [InlineData(0.9, 1)]
    public void EtaCutoffFollowsTheEntropy(double epsilon, int kept) => CheckKept(new EtaCutoff(epsilon, 1), kept);

    // Information 0.693, 1.204, 1.897, 2.996; entropy 1.142: the second is nearest, then the first, then the third.
    [Theory]
    [InlineData(0.25, 1, new[] { 1 })]
    [InlineData(0.5, 1, new[] { 0, 1 })]
    [InlineData(0.9, 1, new[] { 0, 1, 2 })]
    [InlineData(0.25, 3, new[] { 0, 1, 2 })]
    public void TypicalPKeepsWhatIsExpected(double share, int least, int[] kept) => CheckKept(new TypicalP(share, least), kept);

    [Fact]
    public void TypicalPWorksWhereTokensAreForbidden() => Check(new TypicalP(0.3, 1), [[0]], [0, Never, -1, Never], [0, Never, Never, Never]);

    [Fact]
    public void RenormalizationMakesProbabilities()
    {
        using Tensor found = new Renormalization().Process(Tokens([[0]], null, null, null), tensor([1f, 2, 3]).unsqueeze(0));

        Assert.Equal(1, Networks.Values(found).Sum(value => Math.Exp(value)), 1e-6);
    }

    private static void CheckKept(IScoreProcessor rule, int kept) => CheckKept(rule, [.. Enumerable.Range(0, kept)]);

    private static void CheckKept(IScoreProcessor rule, int[] kept)
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
        IScoreProcessor rule, long[][] ids, float[] scores, float[] expected, bool[][]? seen = null, long[][]? source = null, bool[][]? sourceSeen = null)
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
