namespace MLNet.Transformers;

/// <summary>What a piece of a vocabulary is (sentencepiece_model.proto, SentencePiece.Type; llama.cpp's llama_token_type has the same numbers).</summary>
internal enum PieceType
{
    /// <summary>A stretch of text.</summary>
    Normal = 1,

    /// <summary>Stands for what no piece covers.</summary>
    Unknown = 2,

    /// <summary>A token without text, such as the end of a sequence.</summary>
    Control = 3,

    /// <summary>A stretch of text that is always one piece.</summary>
    UserDefined = 4,

    /// <summary>A piece that is not used.</summary>
    Unused = 5,

    /// <summary>One byte of the UTF-8 form of a character that no piece covers.</summary>
    Byte = 6,
}
