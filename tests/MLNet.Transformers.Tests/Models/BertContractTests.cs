using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Models;

/// <summary>What every network keeps, whatever its head.</summary>
public sealed class BertContractTests : IDisposable
{
    private const double Tolerance = 2e-6;

    private readonly DisposeScope _scope;
    private readonly int[][] _ids;
    private readonly int[][] _segments;

    public BertContractTests()
    {
        NativeBackend.EnsureLoaded();
        _scope = NewDisposeScope();
        (_ids, _segments) = Networks.Sequences();
    }

    public static TheoryData<HeadKind> Heads => [.. Networks.BertHeads];

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Heads))]
    public void ABatchOfEightIsEightBatchesOfOne(HeadKind head)
    {
        using TaskModel model = Networks.Create(head);
        HeadOutput together = Forward(model, TokenBatch.Pad(_ids, _segments, 0));

        for (int row = 0; row < _ids.Length; row++)
        {
            HeadOutput alone = Forward(model, TokenBatch.Pad([_ids[row]], [_segments[row]], 0));
            Networks.AssertClose(Networks.Row(alone, 0, _ids[row].Length), Networks.Row(together, row, _ids[row].Length), Tolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public void WhatStandsInThePaddingChangesNothing(HeadKind head)
    {
        using TaskModel model = Networks.Create(head);
        TokenBatch batch = TokenBatch.Pad(_ids, _segments, 0);
        Tensor padding = batch.Mask!.logical_not();
        TokenBatch other = batch with
        {
            Ids = batch.Ids.masked_fill(padding, 36), SegmentIds = batch.SegmentIds!.masked_fill(padding, 2),
        };

        (HeadOutput first, HeadOutput second) = (Forward(model, batch), Forward(model, other));

        for (int row = 0; row < _ids.Length; row++)
        {
            Networks.AssertClose(Networks.Row(first, row, _ids[row].Length), Networks.Row(second, row, _ids[row].Length), Tolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public void EveryFormOfOneMaskSaysTheSame(HeadKind head)
    {
        using TaskModel model = Networks.Create(head);
        TokenBatch batch = TokenBatch.Pad(_ids, _segments, 0);
        Tensor mask = batch.Mask!;
        float[] expected = Networks.Values(Forward(model, batch).Logits);

        Tensor[] forms =
        [
            mask.to(ScalarType.Int64), mask.to(ScalarType.Float32), mask.unsqueeze(1).expand(-1, 19, -1), mask.unsqueeze(1).unsqueeze(1).expand(-1, 1, 19, -1),
        ];

        Assert.All(forms, form => Networks.AssertClose(expected, Networks.Values(Forward(model, batch with { Mask = form }).Logits), Tolerance));
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public void WhatIsNotGivenIsDerived(HeadKind head)
    {
        using TaskModel model = Networks.Create(head);
        TokenBatch bare = TokenBatch.Pad([_ids[3]], null, 0);
        TokenBatch full = bare with
        {
            SegmentIds = zeros_like(bare.Ids), Mask = ones_like(bare.Ids), Positions = arange(bare.Length).unsqueeze(0),
        };

        Networks.AssertClose(Networks.Values(Forward(model, full).Logits), Networks.Values(Forward(model, bare).Logits), Tolerance);
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public void OrderSegmentsAndPositionsMatter(HeadKind head)
    {
        using TaskModel model = Networks.Create(head);
        TokenBatch batch = TokenBatch.Pad([_ids[3]], [_segments[3]], 0);
        float[] plain = Networks.Values(Forward(model, batch).Logits);

        Assert.NotEqual(plain, Networks.Values(Forward(model, batch with { Ids = batch.Ids.flip(1) }).Logits));
        Assert.NotEqual(plain, Networks.Values(Forward(model, batch with { SegmentIds = null }).Logits));
        Assert.NotEqual(plain, Networks.Values(Forward(model, batch with { Positions = arange(7).flip(0).unsqueeze(0) }).Logits));
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public void PredictionIsTheSameToTheLastBit(HeadKind head)
    {
        using TaskModel model = Networks.Create(head);
        TokenBatch batch = TokenBatch.Pad(_ids, _segments, 0);

        Assert.Equal(Networks.Values(Forward(model, batch).Logits), Networks.Values(Forward(model, batch).Logits));
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public void TrainingDropsOut(HeadKind head)
    {
        using TaskModel model = Networks.Create(head);
        TokenBatch batch = TokenBatch.Pad(_ids, _segments, 0);
        model.train();

        Assert.NotEqual(Networks.Values(Forward(model, batch).Logits), Networks.Values(Forward(model, batch).Logits));
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public void EveryParameterGetsAGradient(HeadKind head)
    {
        foreach (bool tied in (bool[])[true, false])
        {
            using TaskModel model = Networks.Create(head, Networks.Config(("tie_word_embeddings", tied)));
            model.train();

            HeadOutput output = model.forward(TokenBatch.Pad(_ids, _segments, 0));
            Loss(output).backward();

            Assert.All(model.NamedParameters, item => Assert.True(item.Parameter.grad?.abs().sum().item<float>() > 0, item.Name));
        }
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public void BFloat16IsCloseToFloat32(HeadKind head)
    {
        using TaskModel model = Networks.Create(head);
        TokenBatch batch = TokenBatch.Pad(_ids, _segments, 0);
        float[] exact = Networks.Values(Forward(model, batch).Logits);

        model.ComputeType = ScalarType.BFloat16;
        float[] rounded = Networks.Values(Forward(model, batch).Logits);

        Assert.NotEqual(exact, rounded);
        Networks.AssertClose(exact, rounded, 0.05 * Math.Max(1, exact.Max(Math.Abs)));
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public void BFloat16TrainsWeightsInFloat32(HeadKind head)
    {
        using TaskModel model = Networks.Create(head);
        model.train();
        model.ComputeType = ScalarType.BFloat16;

        Loss(model.forward(TokenBatch.Pad(_ids, _segments, 0))).backward();

        Assert.All(model.NamedParameters, item =>
        {
            Assert.Equal(ScalarType.Float32, item.Parameter.grad?.dtype);
            Assert.True(item.Parameter.grad!.abs().sum().item<float>() > 0, item.Name);
        });
    }

    [Theory]
    [InlineData(HeadKind.None, 15, 15)]
    [InlineData(HeadKind.SequenceClassification, 4, 0)]
    [InlineData(HeadKind.TokenClassification, 4, 0)]
    [InlineData(HeadKind.QuestionAnswering, 2, 0)]
    [InlineData(HeadKind.MaskedLanguageModel, 37, 0)]
    [InlineData(HeadKind.Pretraining, 37, 2)]
    public void OutputsHaveTheirShape(HeadKind head, int last, int perSequence)
    {
        using TaskModel model = Networks.Create(head);

        HeadOutput output = Forward(model, TokenBatch.Pad(_ids, _segments, 0));

        Assert.Equal(head == HeadKind.SequenceClassification ? [8L, last] : [8L, 19, last], output.Logits.shape);
        Assert.Equal(perSequence == 0 ? null : [8L, perSequence], output.SequenceLogits?.shape);
    }

    [Fact]
    public void EveryHeadOfTheTableIsTestedForItsShape() =>
        Assert.Equal(6, new BertArchitecture().Heads.Select(head => head.ClassName).Distinct().Count());

    [Fact]
    public void AnotherSizeOfEpsilonIsAnotherResult()
    {
        TokenBatch batch = TokenBatch.Pad(_ids, _segments, 0);
        using TaskModel small = Networks.Create(HeadKind.None);
        using TaskModel large = Networks.Create(HeadKind.None, Networks.Config(("layer_norm_eps", 0.5)));

        Assert.NotEqual(Networks.Values(Forward(small, batch).Logits), Networks.Values(Forward(large, batch).Logits));
    }

    private static Tensor Loss(HeadOutput output)
    {
        Tensor loss = (output.Logits * arange(output.Logits.shape[^1]).sin()).sum();
        return output.SequenceLogits is { } more ? loss + (more * arange(more.shape[^1])).sum() : loss;
    }

    private static HeadOutput Forward(TaskModel model, TokenBatch batch)
    {
        using var noGradient = no_grad();
        return model.forward(batch);
    }
}
