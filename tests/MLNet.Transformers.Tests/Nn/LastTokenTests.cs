using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Nn;

public sealed class LastTokenTests : IDisposable
{
    private readonly DisposeScope _scope;

    public LastTokenTests()
    {
        NativeBackend.EnsureLoaded();
        _scope = NewDisposeScope();
    }

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(new long[] { 5, 6, 7, 8 }, null, null, 3)]
    [InlineData(new long[] { 5, 6, 0, 0 }, null, null, 3)]
    [InlineData(new long[] { 5, 6, 0, 0 }, null, 0, 1)]
    [InlineData(new long[] { 0, 0, 5, 6 }, null, 0, 3)]
    [InlineData(new long[] { 5, 0, 6, 0 }, null, 0, 2)]
    [InlineData(new long[] { 0, 0, 0, 0 }, null, 0, 0)]
    [InlineData(new long[] { 5, 6, 7, 8 }, new long[] { 1, 1, 0, 0 }, null, 1)]
    [InlineData(new long[] { 5, 6, 7, 8 }, new long[] { 0, 0, 1, 1 }, null, 3)]
    [InlineData(new long[] { 5, 6, 7, 8 }, new long[] { 1, 1, 1, 0 }, 0, 2)]
    [InlineData(new long[] { 5, 6, 2, 2 }, new long[] { 1, 1, 1, 0 }, 2, 1)]
    public void Mask_and_padding_id_say_which_is_last(long[] ids, long[]? mask, int? padding, int expected)
    {
        Tensor tokens = arange(8, ScalarType.Float32).reshape(1, 4, 2);
        var batch = new TokenBatch(tensor(ids, [1, 4]), Mask: mask is null ? null : tensor(mask, [1, 4]));

        Assert.Equal([expected * 2f, (expected * 2f) + 1], Networks.Values(LastToken.Of(tokens, batch, padding)));
    }

    [Fact]
    public void A_mask_of_queries_and_keys_says_what_is_seen()
    {
        Tensor tokens = arange(8, ScalarType.Float32).reshape(1, 4, 2);
        Tensor mask = ones(4, 4, ScalarType.Bool).tril().logical_and(tensor([true, true, true, false]));
        TokenBatch batch = new(tensor([4L, 4, 4, 4], [1, 4]));

        foreach (Tensor form in (Tensor[])[mask.unsqueeze(0), mask.reshape(1, 1, 4, 4)])
        {
            Assert.Equal([4, 5], Networks.Values(LastToken.Of(tokens, batch with { Mask = form }, null)));
        }
    }

    [Fact]
    public void Each_row_has_its_own()
    {
        Tensor tokens = arange(12, ScalarType.Float32).reshape(2, 3, 2);
        var batch = new TokenBatch(tensor([4L, 4, 4, 4, 4, 4], [2, 3]), Mask: tensor([true, false, false, true, true, false], [2, 3]));

        Assert.Equal([0, 1, 8, 9], Networks.Values(LastToken.Of(tokens, batch, null)));
    }
}
