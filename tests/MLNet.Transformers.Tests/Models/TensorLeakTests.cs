using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Checkpoints;
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
    public static TheoryData<HeadKind> Heads => [.. Networks.BertHeads];

    [Theory]
    [MemberData(nameof(Heads))]
    public void AStepOfTrainingAndAPredictionLeaveNoTensor(HeadKind head)
    {
        using TaskModel model = Networks.Create(head);
        Step(model);
        long before = Tensor.TotalCount;

        Step(model);

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public void ADisposedNetworkHoldsNoTensor(HeadKind head)
    {
        NativeBackend.EnsureLoaded();
        TaskModel model = Networks.Create(head);

        model.Dispose();

        Assert.All(model.NamedParameters, item => Assert.True(item.Parameter.IsInvalid, item.Name));
    }

    [Fact]
    public void WritingAndLoadingLeaveNoTensor()
    {
        using var folder = new TemporaryFolder();
        using TaskModel written = Networks.Create(HeadKind.None), read = TaskModel.Create(Networks.Config(), HeadKind.SequenceClassification, Placement.Cpu);
        long before = Tensor.TotalCount;

        SafetensorsWriter.Write(folder.File("x"), written.NamedParameters.Select(item => (item.Name, (Tensor)item.Parameter)));
        using (SafetensorsFile file = SafetensorsFile.Open(folder.File("x")))
        {
            CheckpointLoader.Load(read, file, read.Spec.MayAdd, [], seed: 0);
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    private static void Step(TaskModel model)
    {
        using var scope = NewDisposeScope();
        (int[][] ids, int[][] segments) = Networks.Sequences();
        TokenBatch batch = TokenBatch.Pad(ids, segments, 0);
        model.train();
        HeadOutput output = model.forward(batch);
        (output.SequenceLogits is { } more ? output.Logits.sum() + more.sum() : output.Logits.sum()).backward();
        model.zero_grad();
        model.eval();
        using var noGradient = no_grad();
        model.forward(batch);
    }
}
