using System.Text;
using MLNet.Transformers.Tokenization.SentencePiece;

namespace MLNet.Transformers.Tokenization.PieceModels;

/// <summary>
/// The pieces whose scores, the logarithms of their probabilities, have the highest sum (Kudo 2018; sentencepiece: unigram_model.cc,
/// EncodeOptimized; tokenizers: models/unigram/model.rs, encode_optimized). A character without a piece is unknown at a cost, and unknown
/// neighbours are one piece.
/// </summary>
internal sealed class UnigramModel : IPieceModel
{
    private const int MostKeptSteps = 1 << 16;

    // What each unit of a text costs at best; a thread splits one text at a time.
    [ThreadStatic]
    private static Step[]? _steps;

    private readonly PieceTrie _trie;
    private readonly double[] _scores;
    private readonly UnigramRules _rules;

    /// <param name="vocabulary">All pieces and their ids.</param>
    /// <param name="found">The pieces that are looked for in texts.</param>
    /// <param name="scores">The score of each id.</param>
    /// <param name="rules">How unknown characters are treated.</param>
    public UnigramModel(IReadOnlyDictionary<string, int> vocabulary, IEnumerable<(string Piece, int Id)> found, double[] scores, UnigramRules rules)
    {
        (Vocabulary, _scores, _rules) = (vocabulary, scores, rules);
        _trie = new PieceTrie(found);
    }

    public IReadOnlyDictionary<string, int> Vocabulary { get; }

    /// <summary>The piece of unknown text; null: there is none.</summary>
    public string? UnknownPiece => _rules.UnknownId is { } id ? Vocabulary.FirstOrDefault(item => item.Value == id).Key : null;

    public void Split(ReadOnlySpan<char> word, List<Piece> pieces)
    {
        Step[] steps = Steps(word.Length + 1);
        steps.AsSpan(0, word.Length + 1).Fill(new Step(0, -1, 0));
        FindBest(word, steps);
        int first = pieces.Count;
        Collect(word, steps, pieces);
        pieces.Reverse(first, pieces.Count - first);
    }

    private static Step[] Steps(int count)
    {
        if (count > MostKeptSteps)
        {
            return new Step[count];
        }
        return _steps is { } kept && kept.Length >= count ? kept : _steps = new Step[Math.Min(MostKeptSteps, 2 * count)];
    }

    private void FindBest(ReadOnlySpan<char> word, Step[] steps)
    {
        PieceTrie trie = _trie;
        for (int start = 0; start < word.Length;)
        {
            double before = steps[start].Score;
            int width = char.IsHighSurrogate(word[start]) && start + 1 < word.Length ? 2 : 1;
            bool isKnown = false;
            int node = PieceTrie.Root;
            for (int end = start; end < word.Length;)
            {
                node = trie.Next(node, word[end++]);
                if (node < 0)
                {
                    break;
                }
                int id = trie.Value(node);
                if (id >= 0)
                {
                    Offer(ref steps[end], before + _scores[id], start, id);
                    isKnown |= end == start + width;
                }
            }
            if (!isKnown)
            {
                Offer(ref steps[start + width], before + _rules.UnknownScore, start, UnigramRules.Unknown);
            }
            start += width;
        }
    }

    private void Offer(ref Step step, double score, int start, int id)
    {
        score = _rules.SinglePrecision ? (float)score : score;
        if (step.Start < 0 || score > step.Score)
        {
            step = new Step(score, start, id);
        }
    }

    // From the end to the beginning.
    private void Collect(ReadOnlySpan<char> word, Step[] steps, List<Piece> pieces)
    {
        for (int end = word.Length; end > 0;)
        {
            Step step = steps[end];
            int start = step.Start;
            if (step.Id != UnigramRules.Unknown && step.Id != _rules.FusedId)
            {
                pieces.Add(new Piece(step.Id, start, end - start));
            }
            else
            {
                while (_rules.FusesBeforeBytes && start > 0 && (steps[start].Id == UnigramRules.Unknown || steps[start].Id == _rules.FusedId))
                {
                    start = steps[start].Start;
                }
                AddUnknown(word[start..end], start, pieces);
            }
            end = start;
        }
    }

    private void AddUnknown(ReadOnlySpan<char> text, int start, List<Piece> pieces)
    {
        if (_rules.FusesBeforeBytes && Vocabulary.TryGetValue(text.ToString(), out int whole))
        {
            pieces.Add(new Piece(whole, start, text.Length));
        }
        else if (TryAddBytes(text, start, pieces))
        {
            return;
        }
        else if (pieces.Count > 0 && pieces[^1] is var last && last.Id == _rules.UnknownId && last.Start == start + text.Length)
        {
            pieces[^1] = new Piece(last.Id, start, text.Length + last.Length);
        }
        else
        {
            pieces.Add(new Piece(_rules.UnknownId ?? throw new TokenizerException($"The Unigram model has no unk_id, and no piece for '{text}'."), start, text.Length));
        }
    }

    // False where one of the bytes has no piece, and nothing is added.
    private bool TryAddBytes(ReadOnlySpan<char> text, int start, List<Piece> pieces)
    {
        if (_rules.ByteIds.Count == 0)
        {
            return false;
        }
        Span<byte> bytes = stackalloc byte[4];
        int first = pieces.Count;
        foreach (Rune rune in text.EnumerateRunes())
        {
            foreach (byte value in bytes[..rune.EncodeToUtf8(bytes)])
            {
                pieces.Add(new Piece(_rules.ByteIds[value], start, text.Length));
            }
        }
        if (pieces.Skip(first).Any(piece => piece.Id < 0))
        {
            pieces.RemoveRange(first, pieces.Count - first);
            return false;
        }
        pieces.Reverse(first, pieces.Count - first);
        return true;
    }

    /// <summary>The best way to a place: its score, where its last piece begins, and that piece.</summary>
    private readonly record struct Step(double Score, int Start, int Id);
}
