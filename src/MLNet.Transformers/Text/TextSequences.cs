using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Text;

/// <summary>From the texts of rows to what a network reads of them: one sequence a row, or several where long texts are read in windows.</summary>
internal sealed class TextSequences
{
    private readonly RowTokenizer? _rows;
    private readonly WindowTokenizer? _windows;

    /// <param name="tokenizer">The checkpoint's tokenizer.</param>
    /// <param name="config">Of the network.</param>
    /// <param name="maxTokens">Most tokens of a sequence.</param>
    /// <param name="longTexts">What becomes of longer texts.</param>
    /// <param name="stride">Tokens that two successive windows have in common.</param>
    public TextSequences(TextEncoder tokenizer, ModelConfig config, int maxTokens, LongTexts longTexts, int stride)
    {
        if (longTexts == LongTexts.Cut)
        {
            _rows = new RowTokenizer(tokenizer, config, maxTokens);
        }
        else
        {
            _windows = new WindowTokenizer(tokenizer, config, maxTokens, stride);
        }
    }

    /// <summary>The most tokens of a sequence: what is asked for, as far as network and tokenizer go.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="asked">What the options say.</param>
    /// <param name="longTexts">What becomes of longer texts.</param>
    /// <param name="pair">Whether rows are pairs.</param>
    /// <exception cref="ArgumentOutOfRangeException">More is asked for than the network has positions, or too little for windows.</exception>
    public static int Limit(Checkpoint checkpoint, int? asked, LongTexts longTexts, bool pair) =>
        longTexts == LongTexts.Cut ? RowTokenizer.Limit(checkpoint, asked) : WindowTokenizer.Limit(checkpoint, asked, pair);

    /// <summary>A line for the log about the rows that were too long; null where none was.</summary>
    public string? Report => _rows?.Report ?? _windows?.Report;

    /// <summary>The sequences of a row, at least one. Of a pair the longer text is cut into windows.</summary>
    /// <exception cref="ArgumentException">The row has a token that the network has no row for.</exception>
    public TokenSequence[] Read(TextRow row) => _windows is null
        ? [_rows!.Encode(row)]
        : Array.ConvertAll(
            _windows.Windows(row, row.Pair?.Length > row.Text.Length ? TruncationStrategy.OnlySecond : TruncationStrategy.OnlyFirst), window => window.Tokens);
}
