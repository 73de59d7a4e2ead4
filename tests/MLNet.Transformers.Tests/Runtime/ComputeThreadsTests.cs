using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Runtime;

[Collection(Alone.Name)]
public sealed class ComputeThreadsTests : IDisposable
{
    private readonly int _threads;
    private readonly DisposeScope _scope;

    public ComputeThreadsTests()
    {
        NativeBackend.EnsureLoaded();
        _threads = get_num_threads();
        _scope = NewDisposeScope();
    }

    public void Dispose()
    {
        _scope.Dispose();
        Leave(true);
        set_num_threads(_threads);
    }

    // Large enough that libtorch divides the work; the numbers stay what they are set to here.
    [Fact]
    public void Answers_and_gradients_are_the_same_with_any_number_of_threads()
    {
        var config = new BertConfig { VocabularySize = 50, HiddenSize = 192, Layers = 2, Heads = 4, IntermediateSize = 512, MaxPositions = 64 };
        using TaskModel model = Networks.Create(HeadKind.SequenceClassification, config);
        var random = new Random(2);
        TokenBatch batch = TokenBatch.Pad([.. Enumerable.Range(0, 8).Select(_ => Enumerable.Range(0, 60).Select(_ => random.Next(1, 50)).ToArray())], null, 0);

        Leave(true);

        (float[] Answers, float[] Gradients)[] computed = [.. Enumerable.Range(1, 3).Select(threads => Compute(model, batch, threads))];

        Assert.All(computed[1..], other =>
        {
            Networks.AssertClose(computed[0].Answers, other.Answers, 1e-4);
            Networks.AssertClose(computed[0].Gradients, other.Gradients, 1e-3);
        });
    }

    [Fact]
    public void The_users_number_of_threads_is_kept()
    {
        using TaskModel model = Networks.Create(HeadKind.SequenceClassification);
        int threads = 0;
        // A thread that nothing was told yet: where other processes had made one of two already, the user's one could not be told from ours.
        Leave(false);
        var computing = new Thread(() =>
        {
            set_num_threads(1);
            using var scope = NewDisposeScope();
            Networks.Forward(model, TokenBatch.Pad([[1, 2, 3]], null, 0));
            threads = get_num_threads();
        });

        computing.Start();
        computing.Join();

        Assert.Equal(1, threads);
    }

    [Fact]
    public void The_switch_leaves_the_number_alone_and_says_nothing()
    {
        AppContext.SetSwitch(ComputeThreads.Keep.Name, true);
        Assert.Null(ComputeThreads.Start());
        set_num_threads(Environment.ProcessorCount + 3);

        ComputeThreads.Adjust();

        Assert.Equal(Environment.ProcessorCount + 3, get_num_threads());
    }

    [Fact]
    public void A_number_beyond_the_cores_is_lowered()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.ProcessorCount > 1, "Threads are looked after on Linux, where there are several cores.");
        Leave(false);
        set_num_threads(Environment.ProcessorCount + 3);

        ComputeThreads.Adjust();

        Assert.InRange(get_num_threads(), 1, Environment.ProcessorCount);
    }

    private static void Leave(bool alone)
    {
        AppContext.SetSwitch(ComputeThreads.Keep.Name, alone);
        ComputeThreads.Start();
    }

    private static (float[] Answers, float[] Gradients) Compute(TaskModel model, TokenBatch batch, int threads)
    {
        set_num_threads(threads);
        float[] answers = Networks.Values(Networks.Forward(model, batch).Logits);
        model.zero_grad();
        Networks.AnyLoss(model.forward(batch)).backward();
        Assert.Equal(threads, get_num_threads());
        return (answers, [.. model.NamedParameters.SelectMany(item => item.Parameter.grad is { } gradient ? Networks.Values(gradient) : [])]);
    }
}
