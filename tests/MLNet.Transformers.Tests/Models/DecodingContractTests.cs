using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Models;

/// <summary>What every decoder keeps, alone or beside an encoder: it sees nothing that follows, and a cache changes nothing.</summary>
public sealed class DecodingContractTests : IDisposable
{
    private const double Tolerance = 5e-6;

    private readonly DisposeScope _scope;

    public DecodingContractTests()
    {
        NativeBackend.EnsureLoaded();
        _scope = NewDisposeScope();
    }

    public static TheoryData<string, HeadKind> Decoders => [.. Networks.All.Where(item =>
        item.Head is HeadKind.None or HeadKind.CausalLanguageModel or HeadKind.SequenceToSequence && Backbone(item.Row, item.Head, backbone => backbone.CachedLayers > 0))];

    public static TheoryData<string, HeadKind> WithSource => [.. Networks.All.Where(item => Backbone(item.Row, item.Head, backbone => backbone is IEncoderDecoder))];

    public static TheoryData<string, HeadKind> WithTarget => [.. Networks.All.Where(item =>
        item.Head is HeadKind.None or HeadKind.SequenceToSequence && Backbone(item.Row, item.Head, backbone => backbone is IEncoderDecoder))];

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Decoders))]
    public void Token_by_token_is_as_all_at_once(string row, HeadKind head)
    {
        using TaskModel model = Networks.Create(row, head);
        var samples = new Samples(model);
        foreach (bool left in (bool[])[true, false])
        {
            // Padding on the right is generated behind like a token: there rows are compared as far as they go.
            foreach (int prompt in (int[])[1, 3])
            {
                Tensor expected = Decode(model, samples, left, cache: null, prompt);
                using var cache = new KeyValueCache(model.Backbone.CachedLayers, samples.Read.Max(ids => ids.Length));
                Tensor found = Decode(model, samples, left, cache, prompt);

                Tensor counted = Samples.Mask(samples.Read, left);
                Networks.AssertClose(Networks.Values(expected[counted]), Networks.Values(found[counted]), Tolerance);
            }
        }
    }

    /// <summary>Reads eight targets token by token, then moves them, and frees all.</summary>
    internal static void DecodeAll(TaskModel model)
    {
        using var scope = NewDisposeScope();
        var samples = new Samples(model);
        using var cache = new KeyValueCache(model.Backbone.CachedLayers, samples.Read.Max(ids => ids.Length));
        Decode(model, samples, left: true, cache, prompt: 2);
        cache.Select(tensor([1L, 0, 1], [3]));
    }

    [Theory]
    [MemberData(nameof(Decoders))]
    public void Beams_may_move_between_rows(string row, HeadKind head)
    {
        using TaskModel model = Networks.Create(row, head);
        var samples = new Samples(model);
        int length = samples.Read.Max(ids => ids.Length);
        Tensor order = tensor([7L, 2, 2, 5], [4]);
        Tensor plain = Decode(model, samples, left: true, cache: null, prompt: 1).index_select(0, order);
        using var cache = new KeyValueCache(model.Backbone.CachedLayers, length);
        Decode(model, samples, left: true, cache, prompt: 1, steps: length - 1);

        cache.Select(order);
        TokenBatch whole = Whole(samples, left: true);
        Tensor last = Step(model, samples, whole, model.Backbone.PositionsOf(whole), length - 1, 1, cache, left: true, order);

        Networks.AssertClose(Networks.Values(plain.narrow(1, length - 1, 1)), Networks.Values(last), Tolerance);
    }

    [Theory]
    [MemberData(nameof(Decoders))]
    public void Nothing_that_follows_is_seen(string row, HeadKind head)
    {
        using TaskModel model = Networks.Create(row, head);
        var samples = new Samples(model);
        TokenBatch batch = samples.One(3);
        TokenBatch read = batch.Target ?? batch;
        Tensor ids = read.Ids.clone();
        ids[0, -1] = samples.Read[2][^1] == samples.Read[3][^1] ? samples.Read[5][0] : samples.Read[2][^1];
        TokenBatch other = read with { Ids = ids };

        Tensor plain = Networks.Forward(model, batch).Logits;
        Tensor changed = Networks.Forward(model, batch.Target is null ? other : batch with { Target = other }).Logits;

        Tensor difference = (plain - changed).abs().amax([2])[0];
        Assert.All(Networks.Values(difference)[..^1], value => Assert.True(value <= Tolerance, $"{value}"));
        Assert.True(difference[-1].item<float>() > 1e-3);
    }

    [Theory]
    [MemberData(nameof(WithSource))]
    public void The_source_matters(string row, HeadKind head)
    {
        using TaskModel model = Networks.Create(row, head);
        var samples = new Samples(model);
        TokenBatch batch = samples.One(3), other = samples.One(7) with { Target = batch.Target };

        Tensor difference = (Networks.Forward(model, batch).Logits - Networks.Forward(model, other).Logits).abs();

        Assert.True(difference.max().item<float>() > 1e-3);
    }

    [Theory]
    [MemberData(nameof(WithTarget))]
    public void Padding_of_the_source_changes_nothing_for_the_target(string row, HeadKind head)
    {
        using TaskModel model = Networks.Create(row, head);
        var samples = new Samples(model);
        TokenBatch target = samples.One(3).Target!;
        foreach (bool left in (bool[])[true, false])
        {
            TokenBatch alone = samples.One(0);
            TokenBatch padded = alone with
            {
                Ids = Samples.Pad([samples.Ids[0], samples.Ids[2]], left, 4).narrow(0, 0, 1), Mask = Samples.Mask([samples.Ids[0], samples.Ids[2]], left).narrow(0, 0, 1),
                SegmentIds = null, Target = target,
            };

            Networks.AssertClose(
                Networks.Values(Tokens(model, alone with { SegmentIds = null, Target = target })), Networks.Values(Tokens(model, padded)), Tolerance);
        }
    }

    // Vectors of what the decoder reads, computed at once or, with a cache, a prompt at once and then token by token.
    private static Tensor Decode(TaskModel model, Samples samples, bool left, KeyValueCache? cache, int prompt, int? steps = null)
    {
        TokenBatch whole = Whole(samples, left);
        Tensor positions = model.Backbone.PositionsOf(whole);
        int length = steps ?? (int)whole.Length;
        if (cache is null)
        {
            return Step(model, samples, whole, positions, 0, length, null, left);
        }
        var parts = new List<Tensor> { Step(model, samples, whole, positions, 0, prompt, cache, left) };
        for (int i = prompt; i < length; i++)
        {
            parts.Add(Step(model, samples, whole, positions, i, 1, cache, left));
        }
        Assert.Equal(length, cache.Length);
        return cat(parts, 1);
    }

    private static Tensor Step(
        TaskModel model, Samples samples, TokenBatch whole, Tensor positions, int start, int count, KeyValueCache? cache, bool left, Tensor? rows = null)
    {
        using var noGradient = no_grad();
        var batch = new TokenBatch(
            Rows(whole.Ids).narrow(1, start, count), Mask: Rows(whole.Mask!).narrow(1, 0, start + count),
            Positions: positions.shape[0] == 1 ? positions.narrow(-1, start, count) : Rows(positions).narrow(-1, start, count))
        {
            Cache = cache,
        };
        if (model.Backbone is not IEncoderDecoder both)
        {
            return model.Backbone.forward(batch).Tokens;
        }
        TokenBatch source = samples.All(left);
        return both.Decode(batch, Rows(both.Encode(source)), Rows(source.Mask!));

        Tensor Rows(Tensor tensor) => rows is null ? tensor : tensor.index_select(0, rows);
    }

    private static TokenBatch Whole(Samples samples, bool left)
    {
        TokenBatch all = samples.All(left);
        return all.Target ?? all with { SegmentIds = null };
    }

    private static Tensor Tokens(TaskModel model, TokenBatch batch)
    {
        using var noGradient = no_grad();
        return model.Backbone.forward(batch).Tokens;
    }

    private static bool Backbone(string row, HeadKind head, Func<Backbone, bool> condition)
    {
        using TaskModel model = TaskModel.Create(Networks.Config(row), head, Placement.Meta);
        return condition(model.Backbone);
    }
}
