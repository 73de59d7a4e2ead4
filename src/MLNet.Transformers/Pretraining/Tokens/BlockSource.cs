using MLNet.Transformers.Batching;
using MLNet.Transformers.Training;

namespace MLNet.Transformers.Pretraining;

/// <summary>
/// Steps of blocks. In the first epoch files come in the order in which they are written, so that training need not wait for the last; in the others in an
/// order that the seed draws. The blocks of a file are shuffled and put together by length.
/// </summary>
/// <param name="files">The blocks.</param>
/// <param name="options">Size of the batches and how many of them make a step.</param>
/// <param name="seed">Seed of the order.</param>
/// <param name="identity">Tells the texts from others.</param>
/// <param name="checkAlive">Called while a file is waited for.</param>
internal sealed class BlockSource(BlockFiles files, TrainingOptions options, int seed, string identity, Action checkAlive) : IFeatureSource<TextBlock>
{
    private const int StepsAhead = 4;

    public string Identity => identity;

    public int? StepCount(int epoch) => Enumerable.Range(0, files.All(checkAlive).Count).Sum(number => Plan(epoch, number, files.File(number, checkAlive)!).Length);

    public IEnumerable<IReadOnlyList<TextBlock>[]> Steps(int epoch, int first) => ReadAhead.Of(Read(epoch, first), StepsAhead);

    private IEnumerable<IReadOnlyList<TextBlock>[]> Read(int epoch, int first)
    {
        foreach (int number in Order(epoch))
        {
            if (files.File(number, checkAlive) is not { } file)
            {
                break;
            }
            int[][][] steps = Plan(epoch, number, file);
            foreach (int[][] step in steps.Skip(first))
            {
                yield return Array.ConvertAll(step, batch => (IReadOnlyList<TextBlock>)Array.ConvertAll(batch, index => file.Read(index, files.Others)));
            }
            first = Math.Max(0, first - steps.Length);
        }
    }

    private IEnumerable<int> Order(int epoch)
    {
        if (epoch == 0)
        {
            return Enumerable.Range(0, int.MaxValue);
        }
        int[] numbers = [.. Enumerable.Range(0, files.All(checkAlive).Count)];
        RandomState.OfEpoch(seed, epoch).Shuffle(numbers);
        return numbers;
    }

    // Of each step its batches.
    private int[][][] Plan(int epoch, int number, BlockFile file)
    {
        int[] lengths = [.. Enumerable.Range(0, file.Count).Select(file.Length)];
        return [.. LengthBuckets.Plan(lengths, options.BatchLimits, RandomState.OfPart(seed, epoch, number)).Chunk(options.AccumulationSteps)];
    }
}
