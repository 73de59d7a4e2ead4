using MLNet.Transformers.Pretraining;
using MLNet.Transformers.Tests.Checkpoints;

namespace MLNet.Transformers.Tests.Pretraining;

public sealed class BlockSourceTests : IDisposable
{
    private const int Blocks = 100;

    private readonly TemporaryFolder _folder = new();
    private readonly BlockFiles _files;

    // Ten files of ten blocks.
    public BlockSourceTests()
    {
        _files = new BlockFiles(_folder.Folder, "training", tokensPerFile: 30, others: false);
        for (int number = 0; number < Blocks; number++)
        {
            _files.Add(TextBlock.Of([number, number, number]));
        }
        _files.Complete();
    }

    public void Dispose()
    {
        _files.Dispose();
        _folder.Dispose();
    }

    private BlockSource Source(int seed = 1, int? maxTokens = null) =>
        new(_files, new PretrainingOptions { BatchSize = 4, AccumulationSteps = 2, MaxTokensPerBatch = maxTokens }, seed, "texts", () => { });

    private static int[] Order(BlockSource source, int epoch, int first = 0) =>
        [.. source.Steps(epoch, first).SelectMany(step => step.SelectMany(batch => batch.Select(block => block.Ids[0])))];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Each_block_comes_once_an_epoch_and_files_as_a_whole(int epoch)
    {
        int[] order = Order(Source(), epoch);

        Assert.Equal(Enumerable.Range(0, Blocks), order.Order());
        Assert.All(order.Chunk(10), file => Assert.Single(file.Select(number => number / 10).Distinct()));
        Assert.All(order.Chunk(10), file => Assert.NotEqual(file.Order(), file));
        Assert.Equal(epoch == 0, order.Chunk(10).Select(file => file[0] / 10).SequenceEqual(Enumerable.Range(0, 10)));
    }

    [Fact]
    public void The_order_is_drawn_from_seed_and_epoch()
    {
        Assert.Equal(Order(Source(), 1), Order(Source(), 1));
        Assert.NotEqual(Order(Source(), 1), Order(Source(), 2));
        Assert.NotEqual(Order(Source(), 0), Order(Source(seed: 2), 0));
        Assert.NotEqual(Order(Source(), 0)[..10], Order(Source(), 0)[10..20].Select(number => number - 10));
    }

    [Theory]
    [InlineData(null, 20)]
    [InlineData(6, 30)]
    public void One_that_begins_in_the_middle_goes_on_with_the_same_steps(int? maxTokens, int steps)
    {
        BlockSource source = Source(maxTokens: maxTokens);
        int[][] all = [.. source.Steps(1, 0).Select(step => step.SelectMany(batch => batch.Select(block => block.Ids[0])).ToArray())];

        Assert.Equal(steps, all.Length);
        Assert.Equal(steps, source.StepCount(1));
        foreach (int first in (int[])[1, 2, 7, steps - 1, steps])
        {
            Assert.Equal(all.Skip(first).SelectMany(step => step), Order(source, 1, first));
        }
    }
}
