using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Models;

/// <summary>What is particular about BERT.</summary>
public sealed class BertBackboneTests : IDisposable
{
    private readonly DisposeScope _scope;

    public BertBackboneTests()
    {
        NativeBackend.EnsureLoaded();
        _scope = NewDisposeScope();
    }

    public static TheoryData<HeadKind> Heads => [.. new BertArchitecture().Heads.Select(head => head.Kind)];

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Heads))]
    public void SegmentsAndPositionsMatter(HeadKind head)
    {
        using TaskModel model = Networks.Create(head);
        TokenBatch batch = new Samples(model).One(3);
        float[] plain = Networks.Values(Networks.Forward(model, batch).Logits);

        Assert.NotEqual(plain, Networks.Values(Networks.Forward(model, batch with { SegmentIds = null }).Logits));
        Assert.NotEqual(plain, Networks.Values(Networks.Forward(model, batch with { Positions = arange(7).flip(0).unsqueeze(0) }).Logits));
    }

    [Fact]
    public void EveryHeadIsInTheTable() => Assert.Equal(6, new BertArchitecture().Heads.Select(head => head.ClassName).Distinct().Count());

    [Fact]
    public void AnotherSizeOfEpsilonIsAnotherResult()
    {
        using TaskModel small = Networks.Create(HeadKind.None);
        using TaskModel large = Networks.Create(HeadKind.None, Networks.Config(("layer_norm_eps", 0.5)));
        TokenBatch batch = new Samples(small).All();

        Assert.NotEqual(Networks.Values(Networks.Forward(small, batch).Logits), Networks.Values(Networks.Forward(large, batch).Logits));
    }
}
