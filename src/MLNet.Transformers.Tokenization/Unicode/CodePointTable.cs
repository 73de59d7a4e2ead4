namespace MLNet.Transformers.Tokenization.Unicode;

/// <summary>A small number for every code point, 0 for most, kept in pages of 256 of which the empty ones are one.</summary>
internal sealed class CodePointTable
{
    private const int PageSize = 256;
    private const int Pages = 0x110000 / PageSize;

    private readonly byte[] _empty = new byte[PageSize];
    private readonly byte[][] _pages = new byte[Pages][];

    public CodePointTable() => Array.Fill(_pages, _empty);

    public byte this[int codePoint] => _pages[codePoint >> 8][codePoint & 0xFF];

    /// <summary>Adds bits to a code point's number.</summary>
    public void Add(int codePoint, int bits)
    {
        ref byte[] page = ref _pages[codePoint >> 8];
        if (page == _empty)
        {
            page = new byte[PageSize];
        }
        page[codePoint & 0xFF] |= (byte)bits;
    }
}
