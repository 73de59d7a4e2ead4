namespace MLNet.Transformers.Tokenization.Vocabularies;

/// <summary>The parts of a tokenizer.json around its pieces, each an object that is written as JSON.</summary>
internal sealed record PipelineJson
{
    public object? Normalizer { get; init; }

    public required object PreTokenizer { get; init; }

    public required object Decoder { get; init; }

    /// <summary>A post-processor before the template; null: none.</summary>
    public object? Trims { get; init; }

    /// <summary>Whether the mask takes the white space before it, as a word takes its blank.</summary>
    public bool MaskStripsLeft { get; init; } = true;
}
