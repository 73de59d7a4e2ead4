using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Bart;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Checkpoints.Safetensors;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Models;

/// <summary>What is particular about BART.</summary>
public sealed class BartTests : IDisposable
{
    private const int Padding = 1, End = 2, Start = 3;
    private const double Tolerance = 2e-6;

    private readonly DisposeScope _scope;

    public BartTests()
    {
        NativeBackend.EnsureLoaded();
        _scope = NewDisposeScope();
    }

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Without_a_target_the_decoder_reads_the_source_behind_a_start()
    {
        using TaskModel model = Networks.Create("bart", HeadKind.None);
        TokenBatch bare = Batch([7, 8, 9, End]);

        float[] given = Networks.Values(Networks.Forward(model, bare with { Target = Batch([Start, 7, 8, 9]) }).Logits);

        Assert.Equal(given, Networks.Values(Networks.Forward(model, bare).Logits));
    }

    [Fact]
    public void The_vector_of_a_text_is_at_its_last_end()
    {
        using TaskModel model = Networks.Create("bart", HeadKind.SequenceClassification);
        foreach ((int[] row, int place) in ((int[], int)[])[([7, End, 8, End], 3), ([7, End, 8, 9], 1), ([End, 7, 8, 9], 0)])
        {
            AssertPooledAt(model, Batch(row), place);
        }
    }

    [Fact]
    public void A_text_that_was_cut_has_its_vector_at_its_last_token()
    {
        using TaskModel model = Networks.Create("bart", HeadKind.SequenceClassification);

        AssertPooledAt(model, Batch([7, 8, 9, 10]), 3);
        AssertPooledAt(model, Batch([7, 8, Padding, Padding]), 1);
        AssertPooledAt(model, Batch([7, 8, 20, 21]) with { Mask = tensor([1L, 1, 0, 0], [1, 4]) }, 1);
        AssertPooledAt(model, Batch([End, End, 7, 8]) with { Mask = tensor([0L, 0, 1, 1], [1, 4]) }, 3);
    }

    [Fact]
    public void Rows_may_have_different_numbers_of_ends()
    {
        using TaskModel model = Networks.Create("bart", HeadKind.SequenceClassification);
        int[][] rows = [[7, End, 8, End], [7, 8, 9, End], [7, 8, 9, 10]];

        float[] together = Networks.Values(Networks.Forward(model, Batch(rows)).Logits);

        Networks.AssertClose([.. rows.SelectMany(row => Networks.Values(Networks.Forward(model, Batch(row)).Logits))], together, Tolerance);
    }

    [Fact]
    public void Layers_are_left_out_in_training_alone()
    {
        using TaskModel whole = WithoutDropout(layerDrop: 0), empty = WithoutDropout(layerDrop: 1);
        TokenBatch batch = Batch([7, 8, 9, End]);
        Assert.Equal(Networks.Values(Networks.Forward(whole, batch).Logits), Networks.Values(Networks.Forward(empty, batch).Logits));
        List<Tensor> states = [];

        empty.train();
        using Lock.Scope generator = RandomState.Enter(seed: 3, step: 0);
        HeadOutput output = Networks.Forward(empty, batch with { HiddenStates = states });

        int layers = ((BartConfig)empty.Config).EncoderLayers;
        Assert.All(states[..layers], state => Assert.Equal(Networks.Values(states[0]), Networks.Values(state)));
        Assert.All(states[layers..], state => Assert.Equal(Networks.Values(output.Logits), Networks.Values(state)));
        Assert.NotEqual(Networks.Values(Networks.Forward(whole, batch).Logits), Networks.Values(output.Logits));
    }

    [Fact]
    public void Scaled_embeddings_are_another_network()
    {
        TokenBatch batch = Batch([7, 8, 9, End]);
        using TaskModel scaled = Networks.Create("bart", HeadKind.None), plain = Networks.Create(Networks.Config("bart", ("scale_embedding", false)), HeadKind.None);

        Assert.NotEqual(Networks.Values(Networks.Forward(scaled, batch).Logits), Networks.Values(Networks.Forward(plain, batch).Logits));
    }

    [Fact]
    public void The_first_two_positions_are_no_tokens()
    {
        using TaskModel model = Networks.Create("bart", HeadKind.None);

        Networks.AnyLoss(model.forward(new Samples(model).All())).backward();

        Assert.All(model.NamedParameters.Where(item => item.Name.EndsWith("embed_positions.weight", StringComparison.Ordinal)), item =>
        {
            float[] used = Networks.Values(item.Parameter.grad!.abs().sum(1));
            Assert.Equal(21, used.Length);
            Assert.Equal([0, 0], used[..2]);
            Assert.All(used[2..Math.Min(used.Length, 2 + 13)], value => Assert.True(value > 0));
        });
    }

    [Fact]
    public void One_table_fills_both_halves_where_the_output_alone_is_its_own()
    {
        using var folder = new TemporaryFolder();
        using TaskModel written = Networks.Create("bart untied", HeadKind.SequenceToSequence);
        Tensor shared = rand(44, 16, generator: new Generator(1));
        SafetensorsWriter.Write(folder.File("x"), [
            .. written.StoredTensors().Where(item => !item.Name.Contains("embed_tokens", StringComparison.Ordinal)), ("model.shared.weight", shared)]);
        using TaskModel read = TaskModel.Create(written.Config, HeadKind.SequenceToSequence, Placement.Cpu);
        using SafetensorsFile file = SafetensorsFile.Open(folder.File("x"));

        LoadReport report = CheckpointLoader.Load(read, file, [], [], seed: 0);

        Assert.Empty(report.Added);
        Assert.Empty(report.Ignored);
        Assert.All(read.NamedParameters.Where(item => item.Name.Contains("embed_tokens", StringComparison.Ordinal)), item => Assert.Equal(Networks.Values(shared), Networks.Values(item.Parameter)));
        Assert.NotEqual(Networks.Values(shared), Networks.Values(read.NamedParameters.Single(item => item.Name == "lm_head.weight").Parameter));
    }

    [Fact]
    public void A_table_that_nothing_reads_is_left_aside()
    {
        using var folder = new TemporaryFolder();
        using TaskModel written = Networks.Create("bart untied", HeadKind.SequenceToSequence);
        SafetensorsWriter.Write(folder.File("x"), [.. written.StoredTensors(), ("model.shared.weight", rand(44, 16, generator: new Generator(1)))]);
        using TaskModel read = TaskModel.Create(written.Config, HeadKind.SequenceToSequence, Placement.Cpu);
        using SafetensorsFile file = SafetensorsFile.Open(folder.File("x"));

        Assert.Equal(["model.shared.weight"], CheckpointLoader.Load(read, file, [], [], seed: 0).Ignored);
        Assert.All(read.NamedParameters.Zip(written.NamedParameters), pair => Assert.Equal(Networks.Values(pair.Second.Parameter), Networks.Values(pair.First.Parameter)));
    }

    private static TaskModel WithoutDropout(double layerDrop) => Networks.Create(
        Networks.Config(
            "bart", ("dropout", 0.0), ("attention_dropout", 0.0), ("activation_dropout", 0.0), ("encoder_layerdrop", layerDrop), ("decoder_layerdrop", layerDrop)),
        HeadKind.None);

    private static void AssertPooledAt(TaskModel model, TokenBatch batch, int place)
    {
        using var noGradient = no_grad();
        BackboneOutput states = model.Backbone.forward(batch);

        Assert.Equal(Networks.Values(states.Tokens[0, place]), Networks.Values(states.Pooled![0]));
    }

    private static TokenBatch Batch(params int[][] rows) => new(Samples.Pad(rows, left: false, Padding));
}
