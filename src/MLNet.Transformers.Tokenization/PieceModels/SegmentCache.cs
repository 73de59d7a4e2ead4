namespace MLNet.Transformers.Tokenization.PieceModels;

/// <summary>
/// Remembers the pieces of short stretches of text, a fixed number of them: a new one takes the place of an older. Threads share it without a
/// lock, because an entry never changes and is put in its place in one step.
/// </summary>
internal sealed class SegmentCache
{
    private const int Bits = 15;
    private const int LongestText = 32;

    private readonly Entry?[] _entries = new Entry?[1 << Bits];

    public Piece[]? Find(ReadOnlySpan<char> text) =>
        text.Length <= LongestText && Volatile.Read(ref _entries[Place(text)]) is { } entry && text.SequenceEqual(entry.Text) ? entry.Pieces : null;

    public void Add(ReadOnlySpan<char> text, Piece[] pieces)
    {
        if (text.Length <= LongestText)
        {
            Volatile.Write(ref _entries[Place(text)], new Entry(text.ToString(), pieces));
        }
    }

    private static uint Place(ReadOnlySpan<char> text)
    {
        uint hash = 2166136261;
        foreach (char unit in text)
        {
            hash = (hash ^ unit) * 16777619;
        }
        return hash * 0x9E3779B1u >> (32 - Bits);
    }

    private sealed record Entry(string Text, Piece[] Pieces);
}
