using System.Runtime.InteropServices;

namespace MLNet.Transformers.Tokenization.Vocabularies;

/// <summary>
/// Words as lists of pieces, in which the pair of neighbours that occurs most often is joined again and again (Sennrich et al. 2016; tokenizers:
/// models/bpe/trainer.rs, whose order and counts these are: the count of a pair stays as it was when the pair was joined, so that one that comes up
/// again behind a piece made in another way is more frequent there than it is).
/// </summary>
internal sealed class PairMerger
{
    private readonly (int[] Pieces, long Count)[] _words;
    private readonly int[] _lengths;
    private readonly Dictionary<(int, int), long> _counts = [];
    private readonly Dictionary<(int, int), List<int>> _found = [];
    private readonly PriorityQueue<((int, int) Pair, List<int> Words), (long Count, (int, int) Pair)> _queue;

    /// <param name="words">Words as pieces, and how often each occurs. The lists are changed.</param>
    /// <param name="ties">Which of two pairs that are equally frequent comes first.</param>
    public PairMerger(IEnumerable<(int[] Pieces, long Count)> words, Comparison<(int First, int Second)> ties)
    {
        _words = [.. words];
        _lengths = [.. _words.Select(word => word.Pieces.Length)];
        _queue = new(Comparer<(long Count, (int, int) Pair)>.Create((a, b) => b.Count.CompareTo(a.Count) is not 0 and var order ? order : ties(a.Pair, b.Pair)));
        for (int word = 0; word < _words.Length; word++)
        {
            (int[] pieces, long count) = _words[word];
            for (int i = 0; i + 1 < pieces.Length; i++)
            {
                Change((pieces[i], pieces[i + 1]), count, word);
            }
        }
        EnqueueFound();
    }

    /// <summary>Joins the most frequent pair wherever it occurs.</summary>
    /// <param name="minFrequency">Occurrences that it needs.</param>
    /// <param name="join">The piece that two make.</param>
    /// <returns>The pair; null where none is frequent enough.</returns>
    public (int First, int Second)? MergeMostFrequent(long minFrequency, Func<int, int, int> join)
    {
        while (_queue.TryDequeue(out ((int First, int Second) Pair, List<int> Words) top, out (long Count, (int, int)) priority))
        {
            // A count that is no longer true: the pair goes back to where it belongs now.
            if (_counts[top.Pair] is var count && count != priority.Count)
            {
                _queue.Enqueue(top, (count, top.Pair));
                continue;
            }
            if (count < minFrequency)
            {
                return null;
            }
            int joined = join(top.Pair.First, top.Pair.Second);
            foreach (int word in top.Words)
            {
                Merge(word, top.Pair, joined);
            }
            EnqueueFound();
            return top.Pair;
        }
        return null;
    }

    private void Merge(int word, (int First, int Second) pair, int joined)
    {
        (int[] pieces, long count) = _words[word];
        int length = _lengths[word];
        int to = 0;
        for (int from = 0; from < length; from++)
        {
            if (pieces[from] != pair.First || from + 1 == length || pieces[from + 1] != pair.Second)
            {
                pieces[to++] = pieces[from];
                continue;
            }
            from++;
            if (to > 0)
            {
                Change((pieces[to - 1], pair.First), -count, word);
                Change((pieces[to - 1], joined), count, word);
            }
            if (from + 1 < length)
            {
                Change((pair.Second, pieces[from + 1]), -count, word);
                Change((joined, pieces[from + 1]), count, word);
            }
            pieces[to++] = joined;
        }
        _lengths[word] = to;
    }

    private void Change((int, int) pair, long count, int word)
    {
        CollectionsMarshal.GetValueRefOrAddDefault(_counts, pair, out _) += count;
        if (count < 0)
        {
            return;
        }
        List<int> words = CollectionsMarshal.GetValueRefOrAddDefault(_found, pair, out _) ??= [];
        // Words come one after the other.
        if (words.Count == 0 || words[^1] != word)
        {
            words.Add(word);
        }
    }

    private void EnqueueFound()
    {
        foreach (((int, int) pair, List<int> words) in _found)
        {
            if (_counts[pair] is > 0 and var count)
            {
                _queue.Enqueue((pair, words), (count, pair));
            }
        }
        _found.Clear();
    }
}
