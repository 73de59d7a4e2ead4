using MLNet.Transformers.Tokenization.SentencePiece;

namespace MLNet.Transformers.Tokenization.Vocabularies;

/// <summary>
/// What a Unigram vocabulary does to texts before it splits them, said twice: as the parts of a tokenizer.json and as the settings of a SentencePiece
/// model, which do the same. Rules of more than one character would not be the same in both, so there are none (no NFKC).
/// </summary>
internal static class UnigramPipeline
{
    private static readonly string _mark = SentencePieceModel.Blank.ToString();

    // Zero ends the keys of SentencePiece's rules, and cannot be part of one.
    private static readonly char[] _controls =
        [.. Enumerable.Range(1, char.MaxValue).Select(unit => (char)unit).Where(unit => (char.IsControl(unit) && !char.IsWhiteSpace(unit)) || unit == '\uFEFF')];

    private static readonly char[] _blanks =
        [.. Enumerable.Range(1, char.MaxValue).Select(unit => (char)unit).Where(unit => char.IsWhiteSpace(unit) || unit == SentencePieceModel.Blank)];

    /// <summary>The parts of a tokenizer.json.</summary>
    public static PipelineJson Of(UnigramVocabularyOptions options)
    {
        object[] marks = [new { type = "Prepend", prepend = _mark }, Replace(new { String = " " }, _mark)];
        object[] blanks =
        [
            Replace(new { Regex = $"[{string.Concat(_controls)}]" }, ""), Replace(new { Regex = $"[{string.Concat(_blanks)}]+" }, " "),
            Replace(new { Regex = @"\A +| +\z" }, ""),
        ];
        object metaspace = new { type = "Metaspace", replacement = _mark, prepend_scheme = "always", split = true };
        return new PipelineJson
        {
            Normalizer = new { type = "Sequence", normalizers = options.KeepsBlanks ? marks : [.. blanks, .. marks] },
            // The mark in front is the normalizer's, as SentencePiece's is: it is there, too, where a text begins with a mark of its own.
            PreTokenizer = new { type = "Metaspace", replacement = _mark, prepend_scheme = "never", split = true },
            Decoder = options.ByteFallback ? new { type = "Sequence", decoders = new[] { new { type = "ByteFallback" }, metaspace } } : metaspace,
        };
    }

    /// <summary>The rules of a SentencePiece model: what is replaced, and what by.</summary>
    public static IReadOnlyList<(string Text, string Replacement)> Rules(UnigramVocabularyOptions options) =>
        options.KeepsBlanks ? [] : [.. _controls.Select(unit => ($"{unit}", "")), .. _blanks.Where(unit => unit != ' ').Select(unit => ($"{unit}", " "))];

    private static object Replace(object pattern, string content) => new { type = "Replace", pattern, content };
}
