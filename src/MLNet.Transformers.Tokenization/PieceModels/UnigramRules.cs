namespace MLNet.Transformers.Tokenization.PieceModels;

/// <summary>What two programs that apply the Unigram model do differently.</summary>
internal sealed record UnigramRules
{
    /// <summary>Marks a step over a character that has no piece.</summary>
    public const int Unknown = -1;

    /// <summary>By how much an unknown character scores less than the rarest piece.</summary>
    private const double Penalty = 10;

    /// <summary>The score of an unknown character.</summary>
    public required double UnknownScore { get; init; }

    /// <summary>The id of unknown text; null: there is none.</summary>
    public required int? UnknownId { get; init; }

    /// <summary>Ids of the 256 bytes, negative where there is none; empty: unknown characters stay unknown.</summary>
    public required IReadOnlyList<int> ByteIds { get; init; }

    /// <summary>Whether sums of scores are rounded to float32.</summary>
    public required bool SinglePrecision { get; init; }

    /// <summary>Whether unknown neighbours are one stretch of text before they become bytes.</summary>
    public required bool FusesBeforeBytes { get; init; }

    /// <summary>A piece that counts as unknown where it is found; <see cref="Unknown"/>: none.</summary>
    public int FusedId { get; init; } = Unknown;

    /// <summary>The rules of SentencePiece: sums in float32, each unknown character becomes bytes by itself.</summary>
    public static UnigramRules SentencePiece(float lowestScore, int unknownId, IReadOnlyList<int> byteIds) => new()
    {
        UnknownScore = (float)(lowestScore - Penalty), UnknownId = unknownId, ByteIds = byteIds, SinglePrecision = true, FusesBeforeBytes = false,
    };

    /// <summary>The rules of the tokenizers library: sums in float64, and the unknown piece, which may stand in a text, is unknown there too.</summary>
    public static UnigramRules Tokenizers(double lowestScore, int? unknownId, IReadOnlyList<int> byteIds) => new()
    {
        UnknownScore = lowestScore - Penalty, UnknownId = unknownId, ByteIds = byteIds, SinglePrecision = false, FusesBeforeBytes = true,
        FusedId = unknownId ?? Unknown,
    };
}
