namespace MLNet.Transformers.Tokenization;

/// <summary>A stretch of a text, in UTF-16 units, the end not included.</summary>
/// <param name="Start">First unit.</param>
/// <param name="End">Unit behind the last.</param>
public readonly record struct TextSpan(int Start, int End);

/// <summary>An encoded text or pair of texts. All lists have one entry per token.</summary>
public sealed class TokenEncoding
{
    private readonly Func<int, string> _tokenOf;
    private string[]? _tokens;

    internal TokenEncoding(int length, Func<int, string> tokenOf)
    {
        _tokenOf = tokenOf;
        Ids = new int[length];
        TypeIds = new int[length];
        SpecialTokensMask = new int[length];
        Offsets = new TextSpan[length];
        WordIds = new int?[length];
        SequenceIds = new int?[length];
    }

    /// <summary>Token ids.</summary>
    public int[] Ids { get; }

    /// <summary>0 for the first text and 1 for the second, as the tokenizer's template says.</summary>
    public int[] TypeIds { get; }

    /// <summary>1 for tokens that the template added, 0 for those of the texts.</summary>
    public int[] SpecialTokensMask { get; }

    /// <summary>Where each token stands in its original text; (0, 0) for added ones.</summary>
    public TextSpan[] Offsets { get; }

    /// <summary>
    /// The number of each token's word in its text, counted from its beginning also where that is cut; null for added ones. What a word is the
    /// pre-tokenizer says; tokenizers made from SentencePiece's own files have none, and number the stretches between added tokens.
    /// </summary>
    public int?[] WordIds { get; }

    /// <summary>0 for tokens of the first text, 1 for those of the second, null for added ones.</summary>
    public int?[] SequenceIds { get; }

    /// <summary>The tokens as the vocabulary writes them.</summary>
    public IReadOnlyList<string> Tokens => _tokens ??= Array.ConvertAll(Ids, id => _tokenOf(id));

    /// <summary>Number of tokens.</summary>
    public int Length => Ids.Length;

    /// <summary>Tokens of the texts that were cut, at least: a text is not read much further than needed. 0: nothing was.</summary>
    public int DroppedTokens { get; internal set; }
}
