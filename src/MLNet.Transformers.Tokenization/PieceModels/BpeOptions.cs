namespace MLNet.Transformers.Tokenization.PieceModels;

/// <summary>What a BPE model does beside merging (tokenizers: models/bpe/model.rs).</summary>
internal sealed record BpeOptions
{
    /// <summary>Id of characters that are no piece; null: they are passed over.</summary>
    public int? Unknown { get; init; }

    /// <summary>Whether unknown characters in a row are one token.</summary>
    public bool FuseUnknown { get; init; }

    /// <summary>Whether characters that are no piece are written as the pieces of their bytes, <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c>.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>What stands before characters that do not begin a word.</summary>
    public string ContinuingPrefix { get; init; } = "";

    /// <summary>What stands behind the last character of a word.</summary>
    public string EndSuffix { get; init; } = "";

    /// <summary>Whether a word that is a piece stays whole, whatever the merges make of it.</summary>
    public bool WholeWordsFirst { get; init; }
}
