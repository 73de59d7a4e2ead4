using MLNet.Transformers.Tokenization.PieceModels;

namespace MLNet.Transformers.Tokenization;

/// <summary>Added tokens, normalizer, pre-tokenizer and piece model, one after the other.</summary>
internal sealed class TextSplitter
{
    // Lists that a text needs while it is split; a thread splits one text at a time.
    [ThreadStatic]
    private static (List<TextSlice> Words, List<Piece> Pieces)? _scratch;

    private readonly TokenizerPipeline _pipeline;
    private readonly AddedTokenFinder _inOriginal;
    private readonly AddedTokenFinder _inNormalized;

    public TextSplitter(TokenizerPipeline pipeline)
    {
        _pipeline = pipeline;
        _inOriginal = new AddedTokenFinder(pipeline.AddedTokens.Where(token => token.Searched && !token.Normalized).Select(token => (token.Content, token)));
        _inNormalized = new AddedTokenFinder(pipeline.AddedTokens.Where(token => token.Normalized).Select(token => (Normalize(token.Content), token)));
    }

    /// <summary>The tokens of a text, up to the end of the word in which there are <paramref name="enough"/>.</summary>
    public PieceList Split(string text, int enough = int.MaxValue)
    {
        text = Utf16.Repair(text);
        var list = new PieceList(text, enough);
        if (_pipeline.BeginsWithBlank && text.Length > 0 && !char.IsWhiteSpace(text[0]))
        {
            Split(" " + text, list);
            list.RemoveFirstUnit();
        }
        else
        {
            Split(text, list);
        }
        return list;
    }

    private void Split(string text, PieceList list)
    {
        (List<TextSlice> words, List<Piece> pieces) = _scratch ??= ([], []);
        int done = 0;
        foreach ((AddedToken token, int start, int end) in _inOriginal.Find(text) ?? [])
        {
            SplitOrdinary(text.AsMemory(done, start - done), done, list, words, pieces);
            if (list.IsFull)
            {
                return;
            }
            list.AddToken(token, text.AsSpan(start..end), new TextSpan(start, end));
            done = end;
        }
        SplitOrdinary(text.AsMemory(done), done, list, words, pieces);
    }

    /// <summary>A text as it is after normalization.</summary>
    public string Normalize(string content) =>
        _pipeline.Normalizer?.Normalize(AlignedText.Of(content.AsMemory(), 0)).Characters.ToString() ?? content;

    private void SplitOrdinary(ReadOnlyMemory<char> text, int origin, PieceList list, List<TextSlice> words, List<Piece> pieces)
    {
        if (text.Length == 0 || list.IsFull)
        {
            return;
        }
        var original = AlignedText.Of(text, origin);
        AlignedText normalized = _pipeline.Normalizer?.Normalize(original) ?? original;
        int done = 0;
        foreach ((AddedToken token, int start, int end) in _inNormalized.Find(normalized.Characters.Span) ?? [])
        {
            SplitWords(new TextSlice(normalized, done, start - done), list, words, pieces);
            if (list.IsFull)
            {
                return;
            }
            list.AddToken(token, normalized.Characters.Span[start..end], normalized.Whole.Original(start, end - start));
            done = end;
        }
        SplitWords(new TextSlice(normalized, done, normalized.Length - done), list, words, pieces);
    }

    private void SplitWords(TextSlice text, PieceList list, List<TextSlice> words, List<Piece> pieces)
    {
        if (text.Length == 0)
        {
            return;
        }
        words.Clear();
        if (_pipeline.PreTokenizer is { } preTokenizer)
        {
            preTokenizer.Split(text, words);
        }
        else
        {
            words.Add(text);
        }
        foreach (TextSlice word in words)
        {
            if (list.IsFull)
            {
                break;
            }
            pieces.Clear();
            _pipeline.Model.Split(word.Span, pieces);
            list.AddWord(word, pieces);
        }
        // Words hold on to their text.
        words.Clear();
    }
}
