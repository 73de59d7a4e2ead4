using MLNet.Transformers.Tokenization.SentencePiece;

namespace MLNet.Transformers.Tokenization.PieceModels;

/// <summary>Joins the characters of a stretch of text to pieces (sentencepiece: bpe_model.cc, SampleEncode without sampling).</summary>
/// <param name="model">Scores and types of the pieces.</param>
/// <param name="pieces">The pieces that characters are joined to.</param>
internal sealed class SentencePieceMerger(SentencePieceModel model, PieceTrie pieces)
{
    // Pieces that nothing is joined to; a single character may be one.
    private readonly PieceTrie _reserved = new(model.Pieces.Select((piece, id) => (piece, id))
        .Where(item => item.piece.Type is PieceType.Unknown or PieceType.Control or PieceType.Byte)
        .Select(item => (item.piece.Text, item.id)));

    // What a text needs while it is split; a thread splits one text at a time.
    [ThreadStatic]
    private static Work? _work;

    /// <summary>Appends the pieces of a text; a character that is no piece has the id of unknown text.</summary>
    public void Split(ReadOnlySpan<char> text, List<Piece> found)
    {
        Work work = _work ??= new Work();
        work.Start(text);
        for (int i = 0; i >= 0; i = work.Symbols[i].Next)
        {
            Propose(text, work, i);
        }
        while (work.Pairs.TryDequeue(out Pair pair, out _))
        {
            Join(text, work, pair);
        }
        for (int i = 0; i >= 0; i = work.Symbols[i].Next)
        {
            AddSymbol(text, work, work.Symbols[i].Start, work.Symbols[i].Length, found);
        }
    }

    // Notes that a symbol and the one behind it can be joined.
    private void Propose(ReadOnlySpan<char> text, Work work, int left)
    {
        Symbol first = work.Symbols[left];
        if (first.Next < 0)
        {
            return;
        }
        int length = first.Length + work.Symbols[first.Next].Length;
        int id = pieces.Find(text.Slice(first.Start, length));
        if (id < 0)
        {
            return;
        }
        work.Pairs.Enqueue(new Pair(left, first.Next, length), (model.Pieces[id].Score, left));
        if (model.Pieces[id].Type == PieceType.Unused)
        {
            work.Unused[id] = first.Length;
        }
    }

    private void Join(ReadOnlySpan<char> text, Work work, Pair pair)
    {
        Symbol[] symbols = work.Symbols;
        (int left, int right) = (pair.Left, pair.Right);
        // One of the two has been joined to something else meanwhile.
        if (symbols[left].Length == 0 || symbols[right].Length == 0 || symbols[left].Length + symbols[right].Length != pair.Length)
        {
            return;
        }
        symbols[left].Length = pair.Length;
        symbols[left].Next = symbols[right].Next;
        symbols[right].Length = 0;
        if (symbols[left].Next >= 0)
        {
            symbols[symbols[left].Next].Previous = left;
        }
        if (symbols[left].Previous >= 0)
        {
            Propose(text, work, symbols[left].Previous);
        }
        Propose(text, work, left);
    }

    // A piece that is not used comes apart again into what it was joined from.
    private void AddSymbol(ReadOnlySpan<char> text, Work work, int start, int length, List<Piece> found)
    {
        int reserved = _reserved.Find(text.Slice(start, length));
        int id = reserved >= 0 ? reserved : pieces.Find(text.Slice(start, length));
        if (id >= 0 && model.Pieces[id].Type == PieceType.Unused && work.Unused.TryGetValue(id, out int left))
        {
            AddSymbol(text, work, start, left, found);
            AddSymbol(text, work, start + left, length - left, found);
            return;
        }
        found.Add(new Piece(id < 0 ? model.UnknownId : id, start, length));
    }

    /// <summary>A stretch of text between those before and behind it; joined to the one before where it has no length.</summary>
    private struct Symbol
    {
        public int Start;
        public int Length;
        public int Previous;
        public int Next;
    }

    private readonly record struct Pair(int Left, int Right, int Length);

    private sealed class Work
    {
        public Symbol[] Symbols { get; private set; } = new Symbol[64];

        /// <summary>Pairs that can be joined: the highest score first, of equal ones the leftmost.</summary>
        public PriorityQueue<Pair, (float Score, int Left)> Pairs { get; } = new(Comparer<(float Score, int Left)>.Create(
            (a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Left.CompareTo(b.Left)));

        /// <summary>Where pieces that are not used come apart.</summary>
        public Dictionary<int, int> Unused { get; } = [];

        public void Start(ReadOnlySpan<char> text)
        {
            Pairs.Clear();
            Unused.Clear();
            if (Symbols.Length < text.Length)
            {
                Symbols = new Symbol[2 * text.Length];
            }
            int count = 0;
            for (int at = 0; at < text.Length; count++)
            {
                int length = char.IsHighSurrogate(text[at]) && at + 1 < text.Length ? 2 : 1;
                at += length;
                Symbols[count] = new Symbol { Start = at - length, Length = length, Previous = count - 1, Next = at < text.Length ? count + 1 : -1 };
            }
        }
    }
}
