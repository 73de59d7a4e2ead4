namespace MLNet.Transformers.Tokenization.Formats;

/// <summary>What a tokenizer class of the reference does where tokenizer_config.json says nothing.</summary>
/// <param name="PaddingSide">The end that padding goes to.</param>
/// <param name="TruncationSide">The end that is cut.</param>
/// <param name="CleansUpSpaces">Whether decoding removes blanks before punctuation.</param>
internal sealed record ClassDefaults(Side PaddingSide, Side TruncationSide, bool CleansUpSpaces)
{
    private static readonly ClassDefaults _usual = new(Side.Right, Side.Right, false);

    private static readonly Dictionary<string, ClassDefaults> _byClass = new()
    {
        ["LlamaTokenizer"] = _usual with { PaddingSide = Side.Left },
        ["GLMChineseTokenizer"] = _usual with { TruncationSide = Side.Left },
        // Written for a version of the reference that cleaned up by default.
        ["ChatGLMTokenizer"] = _usual with { PaddingSide = Side.Left, CleansUpSpaces = true },
    };

    public static ClassDefaults Of(string? tokenizerClass) => tokenizerClass is null ? _usual : _byClass.GetValueOrDefault(tokenizerClass, _usual);
}
