using System.Text;
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

    public static TheoryData<HeadKind> Heads => [.. new MLNet.Transformers.Models.Bert.BertArchitecture().Heads.Select(head => head.Kind)];

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Heads))]
    public void Segments_and_positions_matter(HeadKind head)
    {
        using TaskModel model = Networks.Create(head);
        TokenBatch batch = new Samples(model).One(3);
        float[] plain = Networks.Values(Networks.Forward(model, batch).Logits);

        Assert.NotEqual(plain, Networks.Values(Networks.Forward(model, batch with { SegmentIds = null }).Logits));
        Assert.NotEqual(plain, Networks.Values(Networks.Forward(model, batch with { Positions = arange(7).flip(0).unsqueeze(0) }).Logits));
    }

    [Fact]
    public void Every_head_is_in_the_table() => Assert.Equal(6, new MLNet.Transformers.Models.Bert.BertArchitecture().Heads.Select(head => head.ClassName).Distinct().Count());

    [Theory]
    [InlineData("7", 7)]
    [InlineData("null", null)]
    public void Paddings_row_is_not_trained_where_there_is_padding(string written, int? padding)
    {
        string json = Networks.Json().Replace("\"vocab_size\"", $"\"pad_token_id\":{written},\"vocab_size\"", StringComparison.Ordinal);
        using TaskModel model = Networks.Create(HeadKind.TokenClassification, (BertConfig)ModelConfig.Parse(Encoding.UTF8.GetBytes(json), "config.json"));

        Networks.AnyLoss(model.forward(new TokenBatch(tensor([0L, 7, 8, 7], [1, 4])))).backward();

        Tensor gradient = model.NamedParameters.Single(item => item.Name == "bert.embeddings.word_embeddings.weight").Parameter.grad!;
        Assert.Equal(padding is null ? [0, 7, 8] : [0, 8], gradient.abs().sum(1).nonzero().flatten().data<long>().ToArray());
    }

    [Fact]
    public void A_row_of_padding_alone_gives_numbers()
    {
        using TaskModel model = Networks.Create(HeadKind.SequenceClassification);
        Tensor mask = tensor([true, true, false, false, false, false], [2, 3]);

        HeadOutput output = model.forward(new TokenBatch(tensor([5L, 6, 0, 0, 0, 0], [2, 3]), Mask: mask));
        Networks.AnyLoss(output).backward();

        Assert.True(output.Logits.isfinite().all().item<bool>());
        Assert.All(model.NamedParameters, item => Assert.True(item.Parameter.grad!.isfinite().all().item<bool>(), item.Name));
    }

    [Fact]
    public void Another_size_of_epsilon_is_another_result()
    {
        using TaskModel small = Networks.Create(HeadKind.None);
        using TaskModel large = Networks.Create(HeadKind.None, Networks.Config(("layer_norm_eps", 0.5)));
        TokenBatch batch = new Samples(small).All();

        Assert.NotEqual(Networks.Values(Networks.Forward(small, batch).Logits), Networks.Values(Networks.Forward(large, batch).Logits));
    }
}
