using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Prediction;
using MLNet.Transformers.Tests.Models;

namespace MLNet.Transformers.Tests.Prediction;

public sealed class SharedNetworkTests
{
    public SharedNetworkTests() => NativeBackend.EnsureLoaded();

    [Fact]
    public void The_last_holder_frees_it()
    {
        using TaskModel model = Small();
        SharedNetwork.Lease first = new SharedNetwork(model).Hold("first");
        SharedNetwork.Lease second = first.Share("second");

        first.Dispose();
        first.Dispose();

        Assert.Equal("first", Assert.Throws<ObjectDisposedException>(() => first.Share("third")).ObjectName);
        Assert.False(second.Model.NamedParameters[0].Parameter.IsInvalid);
        second.Dispose();
        Assert.True(model.NamedParameters[0].Parameter.IsInvalid);
    }

    // Between looking and counting there must be no room for the last holder to go.
    [Fact]
    public void Who_gets_a_share_while_the_last_holder_goes_gets_a_network_that_is_not_freed()
    {
        for (int round = 0; round < Rounds; round++)
        {
            using TaskModel model = Small();
            SharedNetwork.Lease first = new SharedNetwork(model).Hold("first");
            using var barrier = new Barrier(2);
            var leaving = new Thread(() =>
            {
                barrier.SignalAndWait(TestContext.Current.CancellationToken);
                first.Dispose();
            });
            leaving.Start();
            barrier.SignalAndWait(TestContext.Current.CancellationToken);
            SharedNetwork.Lease? second = null;
            try
            {
                second = first.Share("second");
            }
            catch (ObjectDisposedException)
            {
            }
            leaving.Join();

            Assert.Equal(second is null, model.NamedParameters[0].Parameter.IsInvalid);
            second?.Dispose();
        }
    }

    private const int Rounds = 3000;

    private static TaskModel Small() => TaskModel.Create(Networks.Config("llama"), HeadKind.CausalLanguageModel, Placement.Meta);
}
