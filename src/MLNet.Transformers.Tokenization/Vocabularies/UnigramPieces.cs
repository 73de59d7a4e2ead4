using MLNet.Transformers.Tokenization.SentencePiece;

namespace MLNet.Transformers.Tokenization.Vocabularies;

/// <summary>Pieces and their scores, the logarithms of their probabilities, while a vocabulary is trained.</summary>
internal sealed class UnigramPieces
{
    /// <summary>The id of a character without a piece.</summary>
    public const int Unknown = -1;

    // By how much a character without a piece scores less than the rarest piece.
    private const double Penalty = 10;

    public UnigramPieces(IReadOnlyList<(string Text, double Score)> pieces)
    {
        All = pieces;
        Trie = new PieceTrie(pieces.Select((piece, id) => (piece.Text, id)));
        LowestScore = pieces.Select(piece => piece.Score).DefaultIfEmpty().Min();
    }

    public IReadOnlyList<(string Text, double Score)> All { get; }

    public PieceTrie Trie { get; }

    public double LowestScore { get; }

    public double UnknownScore => LowestScore - Penalty;
}
