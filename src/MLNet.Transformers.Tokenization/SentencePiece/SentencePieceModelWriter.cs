namespace MLNet.Transformers.Tokenization.SentencePiece;

/// <summary>Writes a Unigram model as a SentencePiece model file (sentencepiece: sentencepiece_model.proto).</summary>
internal static class SentencePieceModelWriter
{
    private static readonly (string Role, int Id, int Piece)[] _roles = [("unk_token", 40, 45), ("bos_token", 41, 46), ("eos_token", 42, 47), ("pad_token", 43, 48)];

    /// <param name="pieces">The pieces; their places are their ids.</param>
    /// <param name="roles">Tokens by role ("unk_token").</param>
    /// <param name="rules">Characters that are replaced, and what by; empty: none.</param>
    /// <param name="removesBlanks">Whether blanks at the ends, and all but one of several, are removed.</param>
    public static byte[] Write(
        IReadOnlyList<SentencePieceEntry> pieces, IReadOnlyDictionary<string, string> roles, IReadOnlyList<(string Text, string Replacement)> rules, bool removesBlanks)
    {
        var model = new ProtobufWriter();
        foreach (SentencePieceEntry piece in pieces)
        {
            model.Bytes(1, new ProtobufWriter().Text(1, piece.Text).Float(2, piece.Score).Number(3, (int)piece.Type).Message);
        }
        var trainer = new ProtobufWriter().Number(3, (int)SentencePieceAlgorithm.Unigram).Number(4, pieces.Count)
            .Number(35, pieces.Any(piece => piece.Type == PieceType.Byte) ? 1 : 0);
        foreach ((string role, int id, int text) in _roles)
        {
            string? token = roles.GetValueOrDefault(role);
            int place = token is null ? -1 : pieces.TakeWhile(piece => piece.Text != token).Count();
            // A role whose token is none of the pieces is the tokenizer's own.
            bool isPiece = place >= 0 && place < pieces.Count;
            trainer.Number(id, isPiece ? place : -1);
            if (isPiece)
            {
                trainer.Text(text, token!);
            }
        }
        var normalizer = new ProtobufWriter().Text(1, rules.Count == 0 ? "identity" : "user_defined");
        if (rules.Count > 0)
        {
            normalizer.Bytes(2, CharacterMapWriter.Write(rules));
        }
        normalizer.Number(3, 1).Number(4, removesBlanks ? 1 : 0).Number(5, 1);
        return model.Bytes(2, trainer.Message).Bytes(3, normalizer.Message).Message;
    }
}
