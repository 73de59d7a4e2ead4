namespace MLNet.Transformers.Tokenization.PieceModels;

/// <summary>Which UTF-16 units are neighbours within a piece: a set that may hold too many, but never too few.</summary>
internal sealed class JoinedNeighbours
{
    private const int Bits = 20;

    private readonly uint[] _set = new uint[1 << (Bits - 5)];

    public JoinedNeighbours(IEnumerable<string> pieces)
    {
        foreach (string piece in pieces)
        {
            for (int i = 1; i < piece.Length; i++)
            {
                uint place = Place(piece[i - 1], piece[i]);
                _set[place >> 5] |= 1u << (int)(place & 31);
            }
        }
    }

    /// <summary>False only where no piece has the two next to each other.</summary>
    public bool MayBeJoined(char left, char right)
    {
        uint place = Place(left, right);
        return (_set[place >> 5] & (1u << (int)(place & 31))) != 0;
    }

    private static uint Place(char left, char right) => (((uint)left << 16) | right) * 0x9E3779B1u >> (32 - Bits);
}
