namespace MLNet.Transformers.Tokenization.PieceModels;

/// <summary>What becomes of two neighbouring pieces.</summary>
/// <param name="Rank">Lower ranks are merged first.</param>
/// <param name="Id">The piece that the two make.</param>
internal readonly record struct Merge(int Rank, int Id);

/// <summary>The merges of a BPE vocabulary by their two pieces: an open hash table, since it is asked twice for every merge.</summary>
internal sealed class BpeMergeTable
{
    /// <summary>The rank of two pieces that do not merge.</summary>
    public const int NoMerge = int.MaxValue;

    private const ulong Empty = ulong.MaxValue;
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    private readonly Slot[] _slots;
    private readonly int _shift;

    /// <param name="count">How many merges there will be, at most.</param>
    public BpeMergeTable(int count)
    {
        int bits = 4;
        while (1L << bits < 3L * count / 2)
        {
            bits++;
        }
        _slots = new Slot[1 << bits];
        Array.Fill(_slots, new Slot(Empty, default));
        _shift = 64 - bits;
    }

    /// <summary>
    /// Every way to make a piece of two others is a merge, whose rank is that of the piece it makes: how vocabularies without a list of merges
    /// are meant (openai/tiktoken lib.rs, byte_pair_merge; google/sentencepiece bpe_model.cc).
    /// </summary>
    /// <param name="vocabulary">Pieces and ids.</param>
    /// <param name="rank">The rank of a piece by its id; null where nothing is merged to it.</param>
    public static BpeMergeTable OfPieces(Dictionary<string, int> vocabulary, Func<int, int?> rank)
    {
        var lookup = vocabulary.GetAlternateLookup<ReadOnlySpan<char>>();
        var merges = new List<(int Left, int Right, Merge Merge)>(2 * vocabulary.Count);
        foreach ((string piece, int id) in vocabulary)
        {
            if (rank(id) is not { } order)
            {
                continue;
            }
            for (int at = 1; at < piece.Length; at++)
            {
                if (lookup.TryGetValue(piece.AsSpan(0, at), out int left) && lookup.TryGetValue(piece.AsSpan(at), out int right))
                {
                    merges.Add((left, right, new Merge(order, id)));
                }
            }
        }
        var table = new BpeMergeTable(merges.Count);
        foreach ((int left, int right, Merge merge) in merges)
        {
            table.Set(left, right, merge);
        }
        return table;
    }

    /// <summary>Sets what two pieces make; of two merges of the same pieces the later counts, as in the reference.</summary>
    public void Set(int left, int right, Merge merge)
    {
        ulong key = Key(left, right);
        int at = Start(key);
        while (_slots[at].Key != Empty && _slots[at].Key != key)
        {
            at = (at + 1) & (_slots.Length - 1);
        }
        _slots[at] = new Slot(key, merge);
    }

    /// <summary>What two pieces make; its rank is <see cref="NoMerge"/> where that is nothing.</summary>
    public Merge Get(int left, int right)
    {
        ulong key = Key(left, right);
        Slot[] slots = _slots;
        for (int at = Start(key); ; at = (at + 1) & (slots.Length - 1))
        {
            ref readonly Slot slot = ref slots[at];
            if (slot.Key == key)
            {
                return slot.Merge;
            }
            if (slot.Key == Empty)
            {
                return new Merge(NoMerge, -1);
            }
        }
    }

    private static ulong Key(int left, int right) => (ulong)(uint)left << 32 | (uint)right;

    private int Start(ulong key) => (int)(key * Multiplier >> _shift);

    private readonly record struct Slot(ulong Key, Merge Merge);
}
