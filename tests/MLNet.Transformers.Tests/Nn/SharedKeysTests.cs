using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Nn;

public sealed class SharedKeysTests : IDisposable
{
    private readonly DisposeScope _scope;

    public SharedKeysTests()
    {
        NativeBackend.EnsureLoaded();
        _scope = NewDisposeScope();
    }

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    public void Neighbouring_heads_share_keys(int queries, bool masked)
    {
        const int KeyHeads = 2, Sharing = 3, Keys = 5, Width = 4;
        using var generator = new Generator(3);
        Tensor Draw(params long[] shape) => empty(shape).normal_(0, 1, generator);
        Tensor query = Draw(2, KeyHeads * Sharing, queries, Width), key = Draw(2, KeyHeads, Keys, Width), value = Draw(2, KeyHeads, Keys, Width);
        Tensor? mask = masked ? tensor([true, true, false, true, true, false, true, true, true, true], [2, 1, 1, 5]).expand(-1, 1, queries, -1) : null;

        Tensor found = Attention.Forward(query, key, value, mask);

        Tensor[] each = [.. Enumerable.Range(0, KeyHeads * Sharing).Select(head =>
        {
            Tensor scores = query.select(1, head).matmul(key.select(1, head / Sharing).transpose(1, 2)) / Math.Sqrt(Width);
            scores = mask is null ? scores : scores.masked_fill(mask.squeeze(1).logical_not(), float.NegativeInfinity);
            return scores.softmax(-1).matmul(value.select(1, head / Sharing));
        })];
        Assert.Equal([2, queries, KeyHeads * Sharing * Width], found.shape);
        Networks.AssertClose(Networks.Values(cat(each, -1)), Networks.Values(found), 1e-6);
    }
}
