using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Models;

public sealed class AttentionTests : IDisposable
{
    private readonly DisposeScope _scope;

    public AttentionTests()
    {
        NativeBackend.EnsureLoaded();
        _scope = NewDisposeScope();
    }

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData(1.0)]
    [InlineData(0.3)]
    public void Scores_are_scaled_before_the_mask_is_added(double? scale)
    {
        (Tensor query, Tensor key, Tensor value) = (randn(2, 3, 4, 5, generator: new Generator(1)), randn(2, 3, 6, 5, generator: new Generator(2)), randn(2, 3, 6, 5, generator: new Generator(3)));
        Tensor mask = randn(2, 3, 4, 6, generator: new Generator(4));
        Tensor scores = query.to(ScalarType.Float64).matmul(key.to(ScalarType.Float64).transpose(2, 3)) * (scale ?? 1 / Math.Sqrt(5)) + mask;
        Tensor expected = scores.softmax(3).matmul(value.to(ScalarType.Float64)).transpose(1, 2).flatten(2);

        Tensor found = Attention.Forward(query, key, value, mask, scale: scale);

        Networks.AssertClose(Networks.Values(expected), Networks.Values(found), 2e-6);
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float16)]
    public void A_mask_and_a_bias_become_one_tensor(ScalarType type)
    {
        Tensor seen = tensor([true, true, false, false, true, true], [2, 1, 1, 3]), bias = randn(1, 4, 5, 3, generator: new Generator(5));

        Tensor both = AttentionMask.Additive(seen, bias, type)!;

        Assert.Equal(type, both.dtype);
        Assert.Equal([2L, 4, 5, 3], both.shape);
        Tensor counted = seen.expand_as(both);
        Assert.True(both[counted].equal(bias.to(type).expand_as(both)[counted]).all().item<bool>());
        Assert.True(both[counted.logical_not()].lt(-6e4).all().item<bool>());
        Assert.True(both.isfinite().all().item<bool>());
    }

    [Fact]
    public void What_is_not_there_is_not_added()
    {
        Tensor seen = tensor([true, false], [1, 1, 1, 2]), bias = randn(1, 2, 3, 2, generator: new Generator(6));

        Assert.Null(AttentionMask.Additive(null, null, ScalarType.Float32));
        Assert.Equal(Networks.Values(bias), Networks.Values(AttentionMask.Additive(null, bias, ScalarType.Float32)!));
        Assert.Equal(0, AttentionMask.Additive(seen, null, ScalarType.Float32)!.flatten()[0].item<float>());
    }

    [Fact]
    public void A_query_that_sees_nothing_gets_a_number()
    {
        Tensor mask = AttentionMask.Additive(zeros(1, 1, 1, 3, ScalarType.Bool), randn(1, 2, 3, 3, generator: new Generator(7)), ScalarType.Float32)!;

        Tensor found = Attention.Forward(randn(1, 2, 3, 5, generator: new Generator(8)), randn(1, 2, 3, 5, generator: new Generator(9)), randn(1, 2, 3, 5, generator: new Generator(10)), mask);

        Assert.True(found.isfinite().all().item<bool>());
    }

    [Fact]
    public void A_source_read_as_target_moves_to_the_right_behind_its_padding()
    {
        Tensor ids = tensor([11L, 12, 13, 14, 0, 0, 21, 22], [2, 4]);

        TokenBatch none = new TokenBatch(ids).AsTarget(start: 5, padding: 0);
        TokenBatch right = new TokenBatch(ids, Mask: tensor([1L, 1, 1, 1, 1, 1, 0, 0], [2, 4])).AsTarget(start: 5, padding: 0);
        TokenBatch left = new TokenBatch(ids, Mask: tensor([1L, 1, 1, 1, 0, 0, 1, 1], [2, 4])).AsTarget(start: 5, padding: 0);

        Assert.Equal([5, 11, 12, 13, 5, 0, 0, 21], none.Ids.data<long>().ToArray());
        Assert.Null(none.Mask);
        Assert.Equal([5, 11, 12, 13, 5, 0, 0, 21], right.Ids.data<long>().ToArray());
        Assert.Null(right.Mask);
        Assert.Equal([5L, 11, 12, 13], left.Ids[0].data<long>().ToArray());
        Assert.Equal([5L, 21], left.Ids[1].narrow(0, 2, 2).data<long>().ToArray());
        Assert.Equal([true, true, true, true, false, false, true, true], left.Mask!.data<bool>().ToArray());
    }

    [Fact]
    public void The_first_token_is_the_first_that_is_no_padding()
    {
        Tensor tokens = arange(24).reshape(2, 4, 3), mask = tensor([true, true, false, false, false, false, true, true], [2, 4]);

        Assert.True(Pooling.First(tokens, mask).equal(stack([tokens[0, 0], tokens[1, 2]])).all().item<bool>());
        Assert.True(Pooling.First(tokens, null).equal(tokens.select(1, 0)).all().item<bool>());
        Assert.True(Pooling.At(tokens, tensor([3L, 1])).equal(stack([tokens[0, 3], tokens[1, 1]])).all().item<bool>());
    }
}
