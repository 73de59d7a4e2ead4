using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Models.Tiles;
using MLNet.Transformers.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Tiles;

/// <summary>An encoder that predicts without libtorch gives what libtorch gives. Where hidden states are asked for, libtorch computes.</summary>
public sealed class TiledEncoderTests : IDisposable
{
    private readonly DisposeScope _scope;

    public TiledEncoderTests()
    {
        NativeBackend.EnsureLoaded();
        _scope = NewDisposeScope();
    }

    public static TheoryData<string> Configs => new(_configs.Keys);

    private static readonly Dictionary<string, ModelConfig> _configs = new()
    {
        ["small"] = Networks.Config(),
        ["heads of whole vectors"] = Networks.Config(("max_position_embeddings", 40), ("hidden_size", 64), ("num_attention_heads", 2), ("intermediate_size", 130)),
        ["heads wider than a panel"] = Networks.Config(("hidden_size", 160), ("num_attention_heads", 2), ("intermediate_size", 96)),
        ["heads of five"] = Networks.Config(("hidden_size", 35), ("num_attention_heads", 7), ("intermediate_size", 33)),
        ["gelu_new"] = Networks.Config(("hidden_act", "gelu_new")),
        ["relu"] = Networks.Config(("hidden_act", "relu")),
        ["roberta"] = Networks.Config("roberta"),
    };

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Configs))]
    public void Its_vectors_are_libtorchs(string config)
    {
        using TaskModel model = Networks.Create(_configs[config], HeadKind.TokenClassification, seed: 3);
        foreach (TokenBatch batch in Batches(model.Config))
        {
            Tensor found = Forward(model, batch with { ReadsPadding = false }), expected = Forward(model, batch with { HiddenStates = [] });
            Tensor seen = (batch.Mask?.ne(0) ?? ones_like(batch.Ids, ScalarType.Bool)).unsqueeze(2).expand_as(found);

            Networks.AssertClose(Networks.Values(expected[seen]), Networks.Values(found[seen]), 2e-5);
        }
    }

    [Fact]
    public void A_sequence_gives_the_same_alone_as_in_any_batch()
    {
        using TaskModel model = Networks.Create(_configs["heads of whole vectors"], HeadKind.SequenceClassification, seed: 3);
        int[][] texts = [.. Enumerable.Range(1, 23).Select(length => Enumerable.Range(0, length).Select(i => 1 + ((i * 7 + length) % (model.Config.VocabularySize - 1))).ToArray())];
        Tensor together = Forward(model, TokenBatch.Pad(texts, null, 0));

        for (int row = 0; row < texts.Length; row++)
        {
            Assert.Equal(Networks.Values(together[row]), Networks.Values(Forward(model, TokenBatch.Pad([texts[row]], null, 0))[0]));
        }
    }

    [Fact]
    public void What_is_learnt_meanwhile_is_used()
    {
        using TaskModel model = Networks.Create(HeadKind.SequenceClassification);
        TokenBatch batch = Batches(model.Config)[0];
        float[] before = Networks.Values(Forward(model, batch));

        model.train();
        using (no_grad())
        {
            model.NamedParameters.Single(item => item.Name == "bert.encoder.layer.0.intermediate.dense.weight").Parameter.mul_(1.5);
        }
        model.eval();

        float[] after = Networks.Values(Forward(model, batch));
        Assert.NotEqual(before, after);
        Networks.AssertClose(Networks.Values(Forward(model, batch with { HiddenStates = [] })), after, 2e-5);
    }

    [Fact]
    public void An_id_that_is_none_is_refused_as_ever()
    {
        using TaskModel model = Networks.Create(HeadKind.SequenceClassification);

        Assert.ThrowsAny<Exception>(() => Forward(model, new TokenBatch(tensor([5L, 1_000_000], [1, 2]))));
    }

    [Fact]
    public void Threads_do_not_disturb_one_another()
    {
        using TaskModel model = Networks.Create(_configs["heads of whole vectors"], HeadKind.SequenceClassification, seed: 3);
        TokenBatch[] batches = Batches(model.Config);
        float[][] expected = Array.ConvertAll(batches, batch => Networks.Values(Forward(model, batch)));

        Parallel.For(0, 200, run => Assert.Equal(expected[run % batches.Length], Networks.Values(Forward(model, batches[run % batches.Length]))));
    }

    [Theory]
    [InlineData("small")]
    [InlineData("heads of whole vectors")]
    [InlineData("roberta")]
    public void Where_the_first_vector_alone_is_read_it_is_the_same(string config)
    {
        using TaskModel model = Networks.Create(_configs[config], HeadKind.SequenceClassification, seed: 3);
        foreach (TokenBatch batch in Batches(model.Config))
        {
            Networks.AssertClose(Networks.Values(Forward(model, batch with { HiddenStates = [] })), Networks.Values(Forward(model, batch)), 2e-5);
        }
    }

    [Fact]
    public void What_is_read_of_padding_is_the_references()
    {
        using TaskModel model = Networks.Create(HeadKind.TokenClassification);
        TokenBatch batch = Batches(model.Config).First(batch => batch.Mask is not null);

        Assert.Equal(Networks.Values(Forward(model, batch with { HiddenStates = [] })), Networks.Values(Forward(model, batch)));
    }

    private static Tensor Forward(TaskModel model, TokenBatch batch)
    {
        using var noGradient = no_grad();
        return model.forward(batch).Logits;
    }

    // Even, padded on the right, on the left and in the middle, one token, many tokens; segments and positions of their own.
    private static TokenBatch[] Batches(ModelConfig config)
    {
        using var generator = new Generator(5);
        int most = config.MaxTokens!.Value;
        Tensor Ids(long rows, long columns) => randint(3, config.VocabularySize, [rows, columns], generator: generator);
        Tensor segments = zeros(3, 7, ScalarType.Int64);
        segments[TensorIndex.Colon, TensorIndex.Slice(4)] = 1;
        bool hasSegments = config is BertConfig { HasSegments: true };
        var batches = new List<TokenBatch>
        {
            new(Ids(3, 7), hasSegments ? segments : null),
            new(Ids(1, 1)),
            new(Ids(2, most)),
            new(Ids(3, 7), Mask: tensor([1L, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0], [3, 7])),
            new(Ids(3, 7), Mask: tensor([0L, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 1], [3, 7]).to(ScalarType.Bool)),
            new(Ids(1, 7), Mask: tensor([1f, 1, 0, 1, 1, 0, 1], [1, 7])),
            new(Ids(2, 5), Positions: tensor([4L, 3, 2, 1, 0, 0, 2, 4, 1, 3], [2, 5])),
        };
        return [.. batches];
    }
}
