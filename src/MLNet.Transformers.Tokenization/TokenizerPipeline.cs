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

    /// <summary>Ids of roles that the user gave, which come before what any file says.</summary>
    public IReadOnlyDictionary<string, int> RoleIds { get; init; } = new Dictionary<string, int>();

    /// <summary>Whether a text that does not begin with white space gets a blank in front, before added tokens are looked for.</summary>
    public bool BeginsWithBlank { get; init; }

    /// <summary>Whether a second text that is empty is one all the same.</summary>
    public bool EmptyPairCounts { get; init; }

    public INormalizer? Normalizer { get; init; }

    public IPreTokenizer? PreTokenizer { get; init; }

    public required IPieceModel Model { get; init; }

    public Template Template { get; init; } = Template.Plain;

    public TokenDecoder? Decoder { get; init; }

    /// <summary>Why the tokenizer cannot be saved; null: it can.</summary>
    public string? Unsaveable { get; init; }
}
