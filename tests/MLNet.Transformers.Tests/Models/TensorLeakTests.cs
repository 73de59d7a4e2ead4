using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Checkpoints.Safetensors;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.Tests.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Models;

[Collection(Alone.Name)]
public sealed class TensorLeakTests
{
    public static TheoryData<string, HeadKind> All => [.. Networks.All];

    [Theory]
    [MemberData(nameof(All))]
    public void A_step_of_training_and_a_prediction_leave_no_tensor(string row, HeadKind head)
    {
        using TaskModel model = Networks.Create(row, head);
        Step(model);
        long before = Settled();

        Step(model);

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_disposed_network_holds_no_tensor(string row, HeadKind head)
    {
        NativeBackend.EnsureLoaded();
        TaskModel model = Networks.Create(row, head);

        model.Dispose();

        Assert.All(model.NamedParameters, item => Assert.True(item.Parameter.IsInvalid, item.Name));
    }

    [Fact]
    public void Writing_and_loading_leave_no_tensor()
    {
        using var folder = new TemporaryFolder();
        using TaskModel written = Networks.Create(HeadKind.None), read = TaskModel.Create(Networks.Config(), HeadKind.SequenceClassification, Placement.Cpu);
        long before = Settled();

        SafetensorsWriter.Write(folder.File("x"), written.NamedParameters.Select(item => (item.Name, (Tensor)item.Parameter)));
        using (SafetensorsFile file = SafetensorsFile.Open(folder.File("x")))
        {
            CheckpointLoader.Load(read, file, read.MayAdd, [], seed: 0);
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Theory]
    [MemberData(nameof(DecodingContractTests.Decoders), MemberType = typeof(DecodingContractTests))]
    public void Decoding_with_a_cache_leaves_no_tensor(string row, HeadKind head)
    {
        using TaskModel model = Networks.Create(row, head);
        DecodingContractTests.DecodeAll(model);
        long before = Settled();

        DecodingContractTests.DecodeAll(model);

        Assert.Equal(before, Tensor.TotalCount);
    }

    // What other tests left to the garbage collector would be freed at any time, and lower the count.
    private static long Settled()
    {
        for (int i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        return Tensor.TotalCount;
    }

    private static void Step(TaskModel model)
    {
        using var scope = NewDisposeScope();
        var samples = new Samples(model);
        model.train();
        Networks.AnyLoss(model.forward(samples.All())).backward();
        model.zero_grad();
        model.eval();
        Networks.Forward(model, samples.All(left: true));
    }
}
