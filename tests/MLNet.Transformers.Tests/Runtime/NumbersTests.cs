using MLNet.Transformers.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Runtime;

/// <summary>Numbers and tensors beside a thread that collects garbage all the time.</summary>
[Collection(Alone.Name)]
public class NumbersTests
{
    // Of sums as TorchSharp makes them, about one in four thousand throws here.
    private const int Rounds = 60_000;

    [Fact]
    public async Task Kernels_read_their_numbers_while_a_collector_runs()
    {
        NativeBackend.EnsureLoaded();
        using var done = new CancellationTokenSource();
        Task collecting = Task.Run(
            () =>
            {
                while (!done.IsCancellationRequested)
                {
                    GC.Collect();
                    GC.WaitForPendingFinalizers();
                }
            },
            TestContext.Current.CancellationToken);
        try
        {
            using Tensor one = ones(3), two = full(3, 2.0);
            for (int i = 1; i <= Rounds; i++)
            {
                using Tensor sum = one.Plus(two), more = sum.Plus(Numbers.Number(0.5)), share = more.Over(i), places = Numbers.Indices(3, CPU);
                if (i % 1000 == 0)
                {
                    Assert.Equal(3.5f / i, share[0].item<float>());
                    Assert.Equal(2, places[2].item<long>());
                }
            }
        }
        finally
        {
            await done.CancelAsync();
            await collecting;
        }
    }
}
