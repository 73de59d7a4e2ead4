namespace MLNet.Transformers.Tokenization.PieceModels;

/// <summary>Splits one word into pieces of the vocabulary.</summary>
internal interface IPieceModel
{
    /// <summary>Pieces and their ids, without added tokens.</summary>
    IReadOnlyDictionary<string, int> Vocabulary { get; }

    /// <summary>Appends the pieces of a word: ids, and where each stands within the word.</summary>
    void Split(ReadOnlySpan<char> word, List<Piece> pieces);
}

/// <summary>A piece of a word.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Start">First UTF-16 unit within the word.</param>
/// <param name="Length">UTF-16 units.</param>
internal readonly record struct Piece(int Id, int Start, int Length);
