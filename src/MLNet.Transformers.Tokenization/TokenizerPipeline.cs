using MLNet.Transformers.Tokenization.Decoders;
using MLNet.Transformers.Tokenization.Normalizers;
using MLNet.Transformers.Tokenization.PieceModels;
using MLNet.Transformers.Tokenization.PostProcessors;
using MLNet.Transformers.Tokenization.PreTokenizers;

namespace MLNet.Transformers.Tokenization;

/// <summary>The parts of a tokenizer, in the order in which a text passes them.</summary>
internal sealed record TokenizerPipeline
{
    public required IReadOnlyList<AddedToken> AddedTokens { get; init; }

    /// <summary>The tokens of roles such as "pad_token", where the files beside the tokenizer name none.</summary>
    public IReadOnlyDictionary<string, string> DefaultTokens { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether a text that does not begin with white space gets a blank in front, before added tokens are looked for.</summary>
    public bool BeginsWithBlank { get; init; }

    /// <summary>Whether a second text that is empty is one all the same.</summary>
    public bool EmptyPairCounts { get; init; }

    public INormalizer? Normalizer { get; init; }

    public IPreTokenizer? PreTokenizer { get; init; }

    public required IPieceModel Model { get; init; }

    public Template Template { get; init; } = Template.Plain;

    public TokenDecoder? Decoder { get; init; }

    /// <summary>What the file says of truncation; never applied unasked.</summary>
    public FileTruncation? Truncation { get; init; }

    /// <summary>What the file says of padding; never applied unasked.</summary>
    public FilePadding? Padding { get; init; }
}

/// <summary>Truncation as a tokenizer.json says it.</summary>
/// <param name="MaxTokens">Most tokens.</param>
/// <param name="Strategy">Which text is cut.</param>
/// <param name="Stride">Tokens that windows have in common.</param>
/// <param name="Direction">Which end is cut.</param>
public sealed record FileTruncation(int MaxTokens, TruncationStrategy Strategy, int Stride, Side Direction);

/// <summary>Padding as a tokenizer.json says it.</summary>
/// <param name="Length">Length of every sequence; null: that of the longest of a batch.</param>
/// <param name="MultipleOf">What the length is rounded up to a multiple of, or null.</param>
/// <param name="Direction">Which end is filled.</param>
/// <param name="PadId">What with.</param>
/// <param name="PadTypeId">Type id of padding.</param>
/// <param name="PadToken">The padding token.</param>
public sealed record FilePadding(int? Length, int? MultipleOf, Side Direction, int PadId, int PadTypeId, string PadToken);
