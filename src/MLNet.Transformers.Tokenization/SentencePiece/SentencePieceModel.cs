namespace MLNet.Transformers.Tokenization.SentencePiece;

/// <summary>How texts are split into pieces (sentencepiece_model.proto, TrainerSpec.ModelType).</summary>
internal enum SentencePieceAlgorithm
{
    /// <summary>The most probable pieces.</summary>
    Unigram = 1,

    /// <summary>Pairs of neighbours joined in the order of their scores.</summary>
    Bpe = 2,
}

/// <summary>A piece of a SentencePiece model; its place in the list is its id.</summary>
internal readonly record struct SentencePieceEntry(string Text, float Score, PieceType Type);

/// <summary>How a SentencePiece model normalizes texts (sentencepiece_model.proto, NormalizerSpec).</summary>
/// <param name="Map">Rules that replace characters; null: none.</param>
/// <param name="AddDummyPrefix">Whether a blank is put in front.</param>
/// <param name="RemoveExtraWhitespaces">Whether blanks at the ends, and all but one of several, are removed.</param>
/// <param name="EscapeWhitespaces">Whether blanks are written as U+2581.</param>
internal sealed record NormalizerSettings(CharacterMap? Map, bool AddDummyPrefix, bool RemoveExtraWhitespaces, bool EscapeWhitespaces);

/// <summary>A SentencePiece model as its file describes it (sentencepiece: sentencepiece_model.proto).</summary>
internal sealed record SentencePieceModel
{
    /// <summary>How a blank is written in pieces.</summary>
    public const char Blank = '\u2581';

    public required IReadOnlyList<SentencePieceEntry> Pieces { get; init; }

    public required SentencePieceAlgorithm Algorithm { get; init; }

    public required NormalizerSettings Normalizer { get; init; }

    /// <summary>Whether characters without a piece become the bytes of their UTF-8 form.</summary>
    public required bool ByteFallback { get; init; }

    /// <summary>What the unknown piece is decoded to.</summary>
    public required string UnknownSurface { get; init; }

    /// <summary>The id of the one piece of the type <see cref="PieceType.Unknown"/>.</summary>
    public required int UnknownId { get; init; }

    /// <summary>Tokens by role ("unk_token", "bos_token", "eos_token", "pad_token"), as far as the model has them.</summary>
    public required IReadOnlyDictionary<string, string> Roles { get; init; }

    /// <summary>Ids by piece.</summary>
    public required IReadOnlyDictionary<string, int> Ids { get; init; }

    /// <summary>Ids of the pieces for the bytes 0 to 255; empty without byte fallback.</summary>
    public required IReadOnlyList<int> ByteIds { get; init; }
}
