using System.Runtime.InteropServices;
using System.Text;
using MLNet.Transformers.Tokenization.Unicode;

namespace MLNet.Transformers.Tokenization.PieceModels;

/// <summary>Byte-pair encoding over characters: a word's characters, merged in the order of the merges' ranks (Sennrich et al. 2016; tokenizers: models/bpe).</summary>
internal sealed class BpeModel : IPieceModel
{
    [ThreadStatic]
    private static BpeWord? _scratch;

    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly BpeMergeTable _merges;
    private readonly BpeOptions _options;
    private readonly int[] _characters;
    private readonly int[]? _bytes;
    private readonly WordCache _cache = new();
    private readonly bool _cutsAtWordStarts;

    /// <param name="vocabulary">Pieces and ids.</param>
    /// <param name="merges">What two pieces make.</param>
    /// <param name="options">What else there is.</param>
    public BpeModel(Dictionary<string, int> vocabulary, BpeMergeTable merges, BpeOptions options)
    {
        (Vocabulary, _merges, _options) = (vocabulary, merges, options);
        _lookup = vocabulary.GetAlternateLookup<ReadOnlySpan<char>>();
        _characters = new int[char.MaxValue + 1];
        Array.Fill(_characters, -1);
        foreach ((string piece, int id) in vocabulary)
        {
            if (piece.Length == 1)
            {
                _characters[piece[0]] = id;
            }
        }
        _bytes = options.ByteFallback ? BytePieces.Ids(vocabulary) : null;
        _cutsAtWordStarts = WordStarts.AreCuts(vocabulary, options);
    }

    public IReadOnlyDictionary<string, int> Vocabulary { get; }

    public void Split(ReadOnlySpan<char> word, List<Piece> pieces)
    {
        if (!_cutsAtWordStarts)
        {
            SplitPart(word, 0, pieces);
            return;
        }
        for (int start = 0; start < word.Length;)
        {
            int end = WordStarts.Next(word, start);
            SplitPart(word[start..end], start, pieces);
            start = end;
        }
    }

    private void SplitPart(ReadOnlySpan<char> word, int offset, List<Piece> pieces)
    {
        if (word.Length > WordCache.LongestWord)
        {
            Compute(word, offset, pieces);
            return;
        }
        if (_cache.Find(word, out int place) is { } known)
        {
            foreach (Piece piece in known)
            {
                pieces.Add(offset == 0 ? piece : piece with { Start = piece.Start + offset });
            }
            return;
        }
        int before = pieces.Count;
        Compute(word, 0, pieces);
        Span<Piece> added = CollectionsMarshal.AsSpan(pieces)[before..];
        _cache.Keep(place, word, added.ToArray());
        foreach (ref Piece piece in added)
        {
            piece = piece with { Start = piece.Start + offset };
        }
    }

    private void Compute(ReadOnlySpan<char> word, int offset, List<Piece> pieces)
    {
        if (_options.WholeWordsFirst && _lookup.TryGetValue(word, out int whole))
        {
            pieces.Add(new Piece(whole, offset, word.Length));
            return;
        }
        BpeWord symbols = _scratch ??= new BpeWord();
        symbols.Clear();
        AddCharacters(word, symbols);
        symbols.MergeAll(_merges);
        AddPieces(word, offset, symbols, pieces);
    }

    private void AddCharacters(ReadOnlySpan<char> word, BpeWord symbols)
    {
        int unknownBytes = 0;
        for (int i = 0, length; i < word.Length; i += length)
        {
            Rune rune = Characters.At(word, i, out length);
            int bytes = rune.Utf8SequenceLength;
            int id = IdOf(word.Slice(i, length), i == 0, i + length == word.Length);
            // Bytes do not close what is unknown so far, as in the reference.
            if (id < 0 && (TryAddBytes(rune, i == 0, i + length == word.Length, symbols) || _options.Unknown is null))
            {
                continue;
            }
            if (unknownBytes > 0 && (id >= 0 || !_options.FuseUnknown))
            {
                symbols.Add(_options.Unknown!.Value, unknownBytes);
                unknownBytes = 0;
            }
            if (id >= 0)
            {
                symbols.Add(id, bytes);
            }
            else
            {
                unknownBytes += bytes;
            }
        }
        if (unknownBytes > 0)
        {
            symbols.Add(_options.Unknown!.Value, unknownBytes);
        }
    }

    private int IdOf(ReadOnlySpan<char> character, bool first, bool last)
    {
        bool prefixed = !first && _options.ContinuingPrefix.Length > 0;
        bool suffixed = last && _options.EndSuffix.Length > 0;
        if (!prefixed && !suffixed)
        {
            return character.Length == 1 ? _characters[character[0]] : _lookup.TryGetValue(character, out int id) ? id : -1;
        }
        string piece = $"{(prefixed ? _options.ContinuingPrefix : "")}{character}{(suffixed ? _options.EndSuffix : "")}";
        return _lookup.TryGetValue(piece, out int found) ? found : -1;
    }

    private bool TryAddBytes(Rune rune, bool first, bool last, BpeWord symbols)
    {
        if (_bytes is null)
        {
            return false;
        }
        byte[] bytes = Encoding.UTF8.GetBytes($"{(first ? "" : _options.ContinuingPrefix)}{rune}{(last ? _options.EndSuffix : "")}");
        if (bytes.Any(value => _bytes[value] < 0))
        {
            return false;
        }
        foreach (byte value in bytes)
        {
            symbols.Add(_bytes[value], 1);
        }
        return true;
    }

    // Places are counted in bytes from the first symbol on, as in the reference: a character that was passed over moves those behind it. A symbol
    // that is part of a character has the place of the whole character.
    private static void AddPieces(ReadOnlySpan<char> word, int offset, BpeWord symbols, List<Piece> pieces)
    {
        int unit = 0;
        int bytesBefore = 0;
        int start = 0;
        for (int i = 0; i < symbols.Count; i++)
        {
            int end = start + symbols.Length(i);
            Advance(word, ref unit, ref bytesBefore, start);
            int from = unit;
            Advance(word, ref unit, ref bytesBefore, end - 1);
            int to = unit;
            if (unit < word.Length)
            {
                _ = Characters.At(word, unit, out int length);
                to += length;
            }
            pieces.Add(new Piece(symbols.Id(i), offset + from, to - from));
            start = end;
        }
    }

    // To the character that a byte belongs to.
    private static void Advance(ReadOnlySpan<char> word, ref int unit, ref int bytesBefore, int target)
    {
        while (unit < word.Length)
        {
            int bytes = Characters.At(word, unit, out int length).Utf8SequenceLength;
            if (bytesBefore + bytes > target)
            {
                return;
            }
            bytesBefore += bytes;
            unit += length;
        }
    }
}
