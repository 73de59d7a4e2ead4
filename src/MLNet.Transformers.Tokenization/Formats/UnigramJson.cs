using MLNet.Transformers.Tokenization.PieceModels;

namespace MLNet.Transformers.Tokenization.Formats;

/// <summary>The Unigram model of a tokenizer.json (tokenizers: models/unigram/serialization.rs).</summary>
internal static class UnigramJson
{
    public static UnigramModel Read(JsonNode node)
    {
        (string Piece, double Score)[] pieces = [.. node.Require("vocab").Items.Select(Entry)];
        int? unknown = node.Get("unk_id")?.Id;
        if (pieces.Length == 0)
        {
            throw node.Require("vocab").InvalidValue("at least one piece");
        }
        if (unknown >= pieces.Length)
        {
            throw node.Require("unk_id").InvalidValue($"an id below {pieces.Length}, the number of pieces");
        }
        // Of equal pieces the last counts.
        var ids = new Dictionary<string, int>(pieces.Length, StringComparer.Ordinal);
        for (int id = 0; id < pieces.Length; id++)
        {
            ids[pieces[id].Piece] = id;
        }
        int[] bytes = node.Flag("byte_fallback", false) ? BytePieces.Ids(ids) : [];
        return new UnigramModel(
            ids, ids.Select(item => (item.Key, item.Value)), [.. pieces.Select(piece => piece.Score)],
            UnigramRules.Tokenizers(pieces.Min(piece => piece.Score), unknown, bytes));
    }

    // ["piece", -3.5]
    private static (string, double) Entry(JsonNode node) => node.Items.ToArray() is [var piece, var score]
        ? (piece.Text, score.Number)
        : throw node.InvalidValue("a piece and its score");
}
