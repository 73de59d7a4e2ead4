namespace MLNet.Transformers.Tokenization;

/// <summary>
/// What a <see cref="Microsoft.ML.Tokenizers.Tokenizer"/> leaves open when it is used as a checkpoint's tokenizer. What is null is taken, in this order,
/// from tokenizer_config.json and special_tokens_map.json in <see cref="Folder"/>, from the tokenizer itself as far as it has it
/// (<see cref="Microsoft.ML.Tokenizers.BertTokenizer"/>, <see cref="Microsoft.ML.Tokenizers.SentencePieceTokenizer"/>,
/// <see cref="Microsoft.ML.Tokenizers.CodeGenTokenizer"/>), and from config.json in the folder.
/// </summary>
public sealed record TokenizerAdapterOptions
{
    /// <summary>A checkpoint folder, whose files fill in what is left open, chat templates included; null: none.</summary>
    public string? Folder { get; init; }

    /// <summary>Number of tokens, so that ids go from 0 to one less; null: as many as the tokenizer's vocabulary has, which WordPiece's and Tiktoken's keep to themselves.</summary>
    public int? VocabularySize { get; init; }

    /// <summary>Ids put in front of a text; null: those that the tokenizer puts there, or [CLS].</summary>
    public IReadOnlyList<int>? Prefix { get; init; }

    /// <summary>Ids put between two texts; null: the suffix.</summary>
    public IReadOnlyList<int>? Between { get; init; }

    /// <summary>Ids put behind a text; null: those that the tokenizer puts there, or [SEP].</summary>
    public IReadOnlyList<int>? Suffix { get; init; }

    /// <summary>The id that fills up shorter sequences.</summary>
    public int? PadTokenId { get; init; }

    /// <summary>The id of unknown words.</summary>
    public int? UnknownTokenId { get; init; }

    /// <summary>The id in front of a sequence that stands for all of it ([CLS]).</summary>
    public int? ClassTokenId { get; init; }

    /// <summary>The id between texts ([SEP]).</summary>
    public int? SeparatorTokenId { get; init; }

    /// <summary>The id of a word to be guessed ([MASK]).</summary>
    public int? MaskTokenId { get; init; }

    /// <summary>The id that begins a sequence.</summary>
    public int? BeginTokenId { get; init; }

    /// <summary>The id that ends a sequence.</summary>
    public int? EndTokenId { get; init; }
}
