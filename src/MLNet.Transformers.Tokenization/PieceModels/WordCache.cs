using System.Runtime.InteropServices;

namespace MLNet.Transformers.Tokenization.PieceModels;

/// <summary>
/// The pieces of words met before. Each word has one place, where the next word of that place replaces it: so the cache is bounded, and threads
/// share it without locks, since a place is read and written as one reference.
/// </summary>
internal sealed class WordCache
{
    /// <summary>Longer words are not kept: they hardly come twice.</summary>
    public const int LongestWord = 64;

    private const int Bits = 15;
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    private readonly Entry?[] _entries = new Entry?[1 << Bits];

    /// <summary>The pieces of a word, and the place to keep them where they are not known.</summary>
    public Piece[]? Find(ReadOnlySpan<char> word, out int place)
    {
        place = Place(word);
        Entry? entry = _entries[place];
        return entry is not null && word.SequenceEqual(entry.Word) ? entry.Pieces : null;
    }

    public void Keep(int place, ReadOnlySpan<char> word, Piece[] pieces) => _entries[place] = new Entry(word.ToString(), pieces);

    private static int Place(ReadOnlySpan<char> word)
    {
        ulong hash = (ulong)word.Length;
        ReadOnlySpan<ulong> fours = MemoryMarshal.Cast<char, ulong>(word);
        foreach (ulong four in fours)
        {
            hash = Mix(hash ^ four);
        }
        foreach (char unit in word[(4 * fours.Length)..])
        {
            hash = Mix(hash ^ unit);
        }
        return (int)(hash >> (64 - Bits));
    }

    private static ulong Mix(ulong hash) => ulong.RotateLeft(hash * Multiplier, 29) * Multiplier;

    private sealed record Entry(string Word, Piece[] Pieces);
}
