using MLNet.Transformers.Models;
using MLNet.Transformers.Models.EncoderDecoder;
using MLNet.Transformers.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Models;

/// <summary>What the predictions of every network keep, whatever its architecture and head.</summary>
public sealed class NetworkContractTests : IDisposable
{
    private const double Tolerance = 5e-6;

    private readonly DisposeScope _scope;

    public NetworkContractTests()
    {
        NativeBackend.EnsureLoaded();
        _scope = NewDisposeScope();
    }

    public static TheoryData<string, HeadKind> All => [.. Networks.All];

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Every_architecture_has_a_row_in_the_table() => Assert.All(
        ArchitectureRegistry.All,
        architecture => Assert.Contains(SmallConfigs.Rows.Keys, row => ArchitectureRegistry.Of(Networks.Config(row)) == architecture));

    [Fact]
    public void Every_row_has_four_labels() => Assert.All(SmallConfigs.Rows.Keys, row => Assert.Equal(["a", "b", "c", "d"], Networks.Config(row).Labels));

    [Theory]
    [MemberData(nameof(All))]
    public void A_batch_of_eight_is_eight_batches_of_one(string row, HeadKind head)
    {
        using TaskModel model = Networks.Create(row, head);
        var samples = new Samples(model);
        foreach (bool left in (bool[])[false, true])
        {
            HeadOutput together = Networks.Forward(model, samples.All(left));

            for (int i = 0; i < samples.Ids.Length; i++)
            {
                HeadOutput alone = Networks.Forward(model, samples.One(i));
                int length = samples.Read[i].Length;
                Networks.AssertClose(Networks.Row(alone, 0, length), Networks.Row(together, i, length, left), Tolerance);
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void What_stands_in_the_padding_changes_nothing(string row, HeadKind head)
    {
        using TaskModel model = Networks.Create(row, head);
        var samples = new Samples(model);
        foreach (bool left in (bool[])[false, true])
        {
            (HeadOutput first, HeadOutput second) =
                (Networks.Forward(model, samples.All(left)), Networks.Forward(model, samples.All(left, filler: model.Config.VocabularySize - 1)));

            for (int i = 0; i < samples.Ids.Length; i++)
            {
                int length = samples.Read[i].Length;
                Networks.AssertClose(Networks.Row(first, i, length, left), Networks.Row(second, i, length, left), Tolerance);
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Every_form_of_one_mask_says_the_same(string row, HeadKind head)
    {
        using TaskModel model = Networks.Create(row, head);
        var samples = new Samples(model);
        TokenBatch batch = samples.All();
        Tensor mask = batch.Mask!;
        HeadOutput expected = Networks.Forward(model, batch);
        List<Tensor> forms = [mask.to(ScalarType.Int64), mask.to(ScalarType.Float32)];
        if (model.Backbone.CachedLayers == 0)
        {
            forms.AddRange(mask.unsqueeze(1).expand(-1, Samples.Longest, -1), mask.unsqueeze(1).unsqueeze(1).expand(-1, 1, Samples.Longest, -1));
        }
        else if (model.Backbone is IEncoderDecoder)
        {
            // The target's tokens see the source's through the same mask.
            forms.Add(mask.unsqueeze(1).unsqueeze(1));
        }
        else
        {
            Tensor all = ones(Samples.Longest, Samples.Longest, ScalarType.Bool);
            Tensor pairs = (SeesWhatFollows(model, samples) ? all : all.tril()).logical_and(mask.unsqueeze(1));
            forms.AddRange(pairs, pairs.unsqueeze(1));
        }

        // What padding itself gives is nobody's: in ChatGLM2 it sees everything where the mask says that it is padding.
        Assert.All(forms, form =>
        {
            HeadOutput found = Networks.Forward(model, batch with { Mask = form });
            Assert.All(samples.Read.Select((ids, i) => (ids.Length, i)), item => Networks.AssertClose(
                Networks.Row(expected, item.i, item.Length), Networks.Row(found, item.i, item.Length), Tolerance));
        });
    }

    // The classifiers of the GLM of 2022 read a text as a whole.
    private static bool SeesWhatFollows(TaskModel model, Samples samples)
    {
        using var noGradient = no_grad();
        TokenBatch batch = samples.One(3);
        Tensor ids = batch.Ids.clone();
        ids[0, -1] = samples.Ids[5][1];
        Tensor change = model.Backbone.forward(batch).Tokens - model.Backbone.forward(batch with { Ids = ids }).Tokens;
        return change[0, 0].abs().max().item<float>() > 1e-4;
    }

    [Theory]
    [MemberData(nameof(All))]
    public void What_is_not_given_is_derived(string row, HeadKind head)
    {
        using TaskModel model = Networks.Create(row, head);
        TokenBatch bare = new Samples(model).One(3) with { SegmentIds = null };
        TokenBatch full = bare with
        {
            SegmentIds = model.Config.HasSegments ? zeros_like(bare.Ids) : null, Mask = ones_like(bare.Ids), Positions = model.Backbone.PositionsOf(bare),
            Target = bare.Target is { } target ? target with { Mask = ones_like(target.Ids), Positions = model.Backbone.PositionsOf(target) } : null,
        };

        Networks.AssertClose(Networks.Values(Networks.Forward(model, full).Logits), Networks.Values(Networks.Forward(model, bare).Logits), Tolerance);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Order_matters(string row, HeadKind head)
    {
        using TaskModel model = Networks.Create(row, head);
        var samples = new Samples(model);
        TokenBatch batch = samples.One(3);
        HeadOutput plain = Networks.Forward(model, batch), flipped = Networks.Forward(model, batch with { Ids = batch.Ids.flip(1) });

        // Flipped back, outputs of a network that counts words would be the same.
        Tensor back = samples.Targets is null && flipped.Logits.dim() == 3 ? flipped.Logits.flip(1) : flipped.Logits;

        Assert.True((plain.Logits - back).abs().max().item<float>() > 1e-3);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Segments_matter_where_there_are_any(string row, HeadKind head)
    {
        using TaskModel model = Networks.Create(row, head);
        TokenBatch batch = new Samples(model).One(3);
        float[] plain = Networks.Values(Networks.Forward(model, batch).Logits);

        float[] other = Networks.Values(Networks.Forward(model, batch with { SegmentIds = ones_like(batch.Ids) }).Logits);

        Assert.Equal(!model.Config.HasSegments, plain.SequenceEqual(other));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Prediction_is_the_same_to_the_last_bit(string row, HeadKind head)
    {
        using TaskModel model = Networks.Create(row, head);
        TokenBatch batch = new Samples(model).All();

        Assert.Equal(Networks.Values(Networks.Forward(model, batch).Logits), Networks.Values(Networks.Forward(model, batch).Logits));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void BFloat16_is_close_to_Float32(string row, HeadKind head)
    {
        using TaskModel model = Networks.Create(row, head);
        TokenBatch batch = new Samples(model).All();
        float[] exact = Networks.Values(Networks.Forward(model, batch).Logits);

        model.ComputeType = ScalarType.BFloat16;
        float[] rounded = Networks.Values(Networks.Forward(model, batch).Logits);

        Assert.NotEqual(exact, rounded);
        Networks.AssertClose(exact, rounded, 0.05 * Math.Max(1, exact.Max(Math.Abs)));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Outputs_have_their_shape(string row, HeadKind head)
    {
        using TaskModel model = Networks.Create(row, head);
        var samples = new Samples(model);
        long tokens = samples.Read.Max(ids => ids.Length);
        long hidden = model.Config.HiddenSize, words = model.Config.VocabularySize;

        HeadOutput output = Networks.Forward(model, samples.All());

        long[] logits = head switch
        {
            HeadKind.None or HeadKind.Encoder => [8, tokens, hidden],
            HeadKind.SequenceClassification => [8, 4],
            HeadKind.TokenClassification => [8, tokens, 4],
            HeadKind.QuestionAnswering => [8, tokens, 2],
            _ => [8, tokens, words],
        };
        Assert.Equal(logits, output.Logits.shape);
        Assert.Equal(head == HeadKind.Pretraining ? [8, 2] : head == HeadKind.None && model.Spec.Pooled ? [8, hidden] : null, output.SequenceLogits?.shape);
        long width = model.Config is EncoderDecoderConfig { Encoder: var encoder } ? encoder.HiddenSize : hidden;
        Assert.Equal(model.Backbone is IEncoderDecoder ? [8, Samples.Longest, width] : null, output.SourceTokens?.shape);
    }
}
