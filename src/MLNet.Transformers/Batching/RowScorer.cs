using MLNet.Transformers.Models;
using static TorchSharp.torch;

namespace MLNet.Transformers.Batching;

/// <summary>Scores in batches of similar length, answers in the order of the rows.</summary>
internal static class RowScorer
{
    /// <summary>The answers of rows that have some features each.</summary>
    /// <param name="rows">The features of each row, at least one a row.</param>
    /// <param name="limits">How much a batch may hold.</param>
    /// <param name="forward">Lets the network score a batch of features.</param>
    /// <param name="reading">Reads the scores.</param>
    /// <param name="checkAlive">Called before each batch; throws where nobody wants the answers any more.</param>
    public static TAnswer[] Answers<TFeature, TPart, TAnswer>(
        IReadOnlyList<TFeature[]> rows, BatchLimits limits, Func<IReadOnlyList<TFeature>, HeadOutput> forward,
        ScoreReading<TFeature, TPart, TAnswer> reading, Action checkAlive)
        where TFeature : IFeature
    {
        TFeature[] features = [.. rows.SelectMany(row => row)];
        var parts = new TPart[features.Length];
        Run(features, limits, checkAlive, numbers =>
        {
            TFeature[] batch = Array.ConvertAll(numbers, number => features[number]);
            TPart[] read = reading.Read(forward(batch), batch);
            for (int i = 0; i < numbers.Length; i++)
            {
                parts[numbers[i]] = read[i];
            }
        });
        var answers = new TAnswer[rows.Count];
        int start = 0;
        for (int row = 0; row < answers.Length; row++)
        {
            int count = rows[row].Length;
            answers[row] = reading.Merge(new ArraySegment<TFeature>(features, start, count), new ArraySegment<TPart>(parts, start, count));
            start += count;
        }
        return answers;
    }

    /// <summary>Goes through features from short to long. Nothing that <paramref name="score"/> makes is kept, and no gradient.</summary>
    /// <param name="features">The features.</param>
    /// <param name="limits">How much a batch may hold.</param>
    /// <param name="checkAlive">Called before each batch.</param>
    /// <param name="score">Called with the numbers of a batch's features.</param>
    public static void Run<TFeature>(IReadOnlyList<TFeature> features, BatchLimits limits, Action checkAlive, Action<int[]> score)
        where TFeature : IFeature
    {
        int[] lengths = [.. features.Select(feature => feature.Length)];
        int[] sorted = [.. Enumerable.Range(0, lengths.Length).OrderBy(number => lengths[number])];
        using var inference = inference_mode();
        foreach (int[] batch in LengthBuckets.InOrder(sorted, lengths, limits))
        {
            checkAlive();
            using var scope = NewDisposeScope();
            score(batch);
        }
    }
}
