namespace MLNet.Transformers.Tokenization.PieceModels;

/// <summary>
/// The symbols of one word, merged until no two neighbours merge: always those of the lowest rank, and of these the leftmost (Sennrich et al. 2016,
/// algorithm 1; tokenizers: models/bpe/word.rs). A thread keeps one and uses it again.
/// </summary>
internal sealed class BpeWord
{
    // Up to here it is faster to look at all ranks for the lowest than to keep a heap.
    private const int Short = 32;

    private readonly PriorityQueue<int, long> _candidates = new();
    private int[] _ids = new int[64];
    private int[] _lengths = new int[64];
    private int[] _ranks = new int[64];
    private int[] _merged = new int[64];
    private int[] _previous = [];
    private int[] _next = [];

    public int Count { get; private set; }

    public int Id(int index) => _ids[index];

    /// <summary>UTF-8 bytes of a symbol.</summary>
    public int Length(int index) => _lengths[index];

    public void Clear() => Count = 0;

    public void Add(int id, int bytes)
    {
        if (Count == _ids.Length)
        {
            Array.Resize(ref _ids, 2 * Count);
            Array.Resize(ref _lengths, 2 * Count);
            Array.Resize(ref _ranks, 2 * Count);
            Array.Resize(ref _merged, 2 * Count);
        }
        (_ids[Count], _lengths[Count]) = (id, bytes);
        Count++;
    }

    public void MergeAll(BpeMergeTable merges)
    {
        if (Count <= Short)
        {
            MergeShort(merges);
        }
        else
        {
            MergeLong(merges);
        }
    }

    private void MergeShort(BpeMergeTable merges)
    {
        Span<int> ids = _ids.AsSpan(0, Count);
        Span<int> lengths = _lengths.AsSpan(0, Count);
        Span<int> ranks = _ranks.AsSpan(0, Count);
        Span<int> merged = _merged.AsSpan(0, Count);
        for (int i = 0; i + 1 < ids.Length; i++)
        {
            (ranks[i], merged[i]) = merges.Get(ids[i], ids[i + 1]);
        }
        while (ids.Length > 1)
        {
            int at = 0;
            int lowest = BpeMergeTable.NoMerge;
            for (int i = 0; i + 1 < ids.Length; i++)
            {
                if (ranks[i] < lowest)
                {
                    (lowest, at) = (ranks[i], i);
                }
            }
            if (lowest == BpeMergeTable.NoMerge)
            {
                break;
            }
            ids[at] = merged[at];
            lengths[at] += lengths[at + 1];
            Remove(ref ids, at + 1);
            Remove(ref lengths, at + 1);
            Remove(ref ranks, at);
            Remove(ref merged, at);
            if (at > 0)
            {
                (ranks[at - 1], merged[at - 1]) = merges.Get(ids[at - 1], ids[at]);
            }
            if (at + 1 < ids.Length)
            {
                (ranks[at], merged[at]) = merges.Get(ids[at], ids[at + 1]);
            }
        }
        Count = ids.Length;
    }

    private static void Remove(ref Span<int> values, int at)
    {
        values[(at + 1)..].CopyTo(values[at..]);
        values = values[..^1];
    }

    // Symbols are a linked list; candidates wait in a heap in the order of rank and place, and those whose pair is no more are passed over.
    private void MergeLong(BpeMergeTable merges)
    {
        Link();
        _candidates.Clear();
        for (int i = 0; i + 1 < Count; i++)
        {
            Propose(merges, i, i + 1);
        }
        while (_candidates.TryDequeue(out int merged, out long priority))
        {
            int at = (int)priority;
            int right = _next[at];
            if (_lengths[at] == 0 || right < 0 || merges.Get(_ids[at], _ids[right]).Id != merged)
            {
                continue;
            }
            _ids[at] = merged;
            _lengths[at] += _lengths[right];
            _lengths[right] = 0;
            _next[at] = _next[right];
            if (_next[at] >= 0)
            {
                _previous[_next[at]] = at;
                Propose(merges, at, _next[at]);
            }
            if (_previous[at] >= 0)
            {
                Propose(merges, _previous[at], at);
            }
        }
        Compact();
    }

    private void Link()
    {
        if (_previous.Length < Count)
        {
            (_previous, _next) = (new int[_ids.Length], new int[_ids.Length]);
        }
        for (int i = 0; i < Count; i++)
        {
            (_previous[i], _next[i]) = (i - 1, i + 1 < Count ? i + 1 : -1);
        }
    }

    private void Propose(BpeMergeTable merges, int left, int right)
    {
        Merge merge = merges.Get(_ids[left], _ids[right]);
        if (merge.Rank != BpeMergeTable.NoMerge)
        {
            _candidates.Enqueue(merge.Id, (long)merge.Rank << 32 | (uint)left);
        }
    }

    private void Compact()
    {
        int count = 0;
        for (int i = 0; i >= 0 && i < Count; i = _next[i])
        {
            (_ids[count], _lengths[count]) = (_ids[i], _lengths[i]);
            count++;
        }
        Count = count;
    }
}
