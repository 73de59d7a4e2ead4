using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Glm.ChatGlm1;
using MLNet.Transformers.Models.Losses;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Models;

/// <summary>What the training of every network keeps, whatever its architecture and head.</summary>
public sealed class TrainingContractTests : IDisposable
{
    private readonly DisposeScope _scope;

    public TrainingContractTests()
    {
        NativeBackend.EnsureLoaded();
        _scope = NewDisposeScope();
    }

    public static TheoryData<string, HeadKind> All => [.. Networks.All];

    public static TheoryData<string, HeadKind> Learning => [.. Networks.All.Where(item => item.Head is not (HeadKind.None or HeadKind.Encoder))];

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(All))]
    public void Training_drops_out(string row, HeadKind head)
    {
        using TaskModel model = Networks.Create(row, head);
        TokenBatch batch = new Samples(model).All();
        model.train();

        // Every step of a training beside this test seeds the generator anew: none may come between the two.
        using Lock.Scope generator = Generator();
        float[] first = Networks.Values(Networks.Forward(model, batch).Logits), second = Networks.Values(Networks.Forward(model, batch).Logits);

        // ChatGLM-6B alone was published without dropout.
        Assert.Equal(model.Config is ChatGlm1Config, first.SequenceEqual(second));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Every_parameter_gets_a_gradient(string row, HeadKind head)
    {
        foreach (bool tied in (bool[])[true, false])
        {
            using TaskModel model = Networks.Create(Networks.Config(row, ("tie_word_embeddings", tied)), head);
            model.train();
            using Lock.Scope generator = Generator();

            Networks.AnyLoss(model.forward(new Samples(model).All())).backward();

            Assert.All(Used(model), item => Assert.True(item.Parameter.grad?.abs().sum().item<float>() > 0, item.Name));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void BFloat16_trains_weights_in_Float32(string row, HeadKind head)
    {
        using TaskModel model = Networks.Create(row, head);
        model.train();
        model.ComputeType = ScalarType.BFloat16;
        using Lock.Scope generator = Generator();

        Networks.AnyLoss(model.forward(new Samples(model).All())).backward();

        Assert.All(Used(model), item =>
        {
            Assert.Equal(ScalarType.Float32, item.Parameter.grad?.dtype);
            Assert.True(item.Parameter.grad!.abs().sum().item<float>() > 0, item.Name);
        });
    }

    // libtorch has one generator, from which dropout draws: a training beside this test must not find its own step's numbers drawn.
    private static Lock.Scope Generator() => RandomState.Enter(seed: 3, step: 0);

    [Theory]
    [MemberData(nameof(Learning))]
    public void Learns_eight_examples_by_heart(string row, HeadKind head)
    {
        const int Steps = 60;
        using TaskModel model = Networks.Create(row, head);
        var samples = new Samples(model);
        TokenBatch batch = samples.All();
        using var optimizer = new AdamW(model.NamedParameters, weightDecay: 0, decays: static _ => false);
        var losses = new List<float>();
        for (int step = 0; step < Steps; step++)
        {
            using var scope = NewDisposeScope();
            model.zero_grad();
            Tensor loss = Loss(model, samples, batch, model.forward(batch));
            losses.Add(loss.item<float>());
            loss.backward();
            optimizer.Step(1e-2);
        }

        Assert.True(losses[^1] < 0.3 * losses[0], $"The loss fell from {losses[0]} to {losses[^1]} only.");
    }

    private static IEnumerable<(string Name, TorchSharp.Modules.Parameter Parameter)> Used(TaskModel model) =>
        model.NamedParameters.Where(item => !model.Spec.Unused.Any(beginning => item.Name.StartsWith(beginning, StringComparison.Ordinal)));

    // Labels that can only be learnt from the row or the token they belong to.
    private static Tensor Loss(TaskModel model, Samples samples, TokenBatch batch, HeadOutput output) =>
        LossTerm.Mean(HeadLoss.Terms(model, batch, LabelsOf(model, samples, output)), output);

    private static HeadLabels LabelsOf(TaskModel model, Samples samples, HeadOutput output) => model.Head switch
    {
        HeadKind.QuestionAnswering => new() { StartPositions = arange(8) % 2, EndPositions = tensor([.. samples.Read.Select(row => row.Length - 1L)]) },
        HeadKind.CausalLanguageModel => new(Labels(samples, (row, i) => row[i])),
        HeadKind.SequenceToSequence => new(Labels(samples, (row, i) => row[(i + 1) % row.Length])),
        HeadKind.Pretraining => new(Labels(samples, (row, i) => row[i])) { NextSentence = arange(8) % 2 },
        _ when output.Logits.dim() == 2 => new(arange(8) % output.Logits.shape[1]),
        _ => new(Labels(samples, (row, i) => (row[i] + i) % (int)output.Logits.shape[2])),
    };

    private static Tensor Labels(Samples samples, Func<int[], int, int> label) =>
        Samples.Pad([.. samples.Read.Select(row => Enumerable.Range(0, row.Length).Select(i => label(row, i)).ToArray())], left: false, (int)LossTerm.Ignored);
}
