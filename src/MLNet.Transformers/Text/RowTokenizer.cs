using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;
using MLNet.Transformers.Tokenization;
using static System.FormattableString;

namespace MLNet.Transformers.Text;

/// <summary>From the texts of rows to the token sequences that a network reads. Several threads may use one.</summary>
/// <param name="tokenizer">The checkpoint's tokenizer.</param>
/// <param name="config">Of the network: which ids it knows, and whether it tells two texts apart by segment ids.</param>
/// <param name="maxTokens">Longer rows are cut.</param>
/// <param name="truncation">Which text of a pair is cut.</param>
internal sealed class RowTokenizer(TextEncoder tokenizer, ModelConfig config, int maxTokens, TruncationStrategy truncation = TruncationStrategy.LongestFirst)
{
    private readonly EncodeOptions _options = new() { MaxTokens = maxTokens, Truncation = truncation };
    private readonly EmbeddedTokens _embedded = new(tokenizer, config);
    private long _rows;
    private long _cut;

    public RowTokenizer(Checkpoint checkpoint, int maxTokens)
        : this(checkpoint.Tokenizer, checkpoint.Config, maxTokens)
    {
    }

    /// <summary>How many rows were too long, as a line for the log; null where none was.</summary>
    public string? Report => _cut == 0 ? null : Invariant($"{_cut:N0} of {_rows:N0} rows were longer than {maxTokens} tokens and were cut.");

    /// <exception cref="ArgumentException">The row has a token that the network has no row for.</exception>
    public TokenSequence Encode(TextRow row)
    {
        TokenEncoding encoding = tokenizer.Encode(row.Text, row.Pair, _options);
        Interlocked.Increment(ref _rows);
        if (encoding.DroppedTokens > 0)
        {
            Interlocked.Increment(ref _cut);
        }
        _embedded.Check(encoding.Ids);
        return new TokenSequence(encoding.Ids, config.HasSegments ? encoding.TypeIds : null);
    }

    /// <summary>The most tokens of a row: what is asked for, as far as network and tokenizer go.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More is asked for than the network has positions.</exception>
    public static int Limit(Checkpoint checkpoint, int? asked)
    {
        int? positions = checkpoint.Config.MaxTokens;
        if (asked > positions)
        {
            throw Check.OutOfRange(
                nameof(TextOptions.MaxTokens), asked, $"is {asked}, but the network of {checkpoint.Name} has {positions} positions; give at most that.");
        }
        return asked ?? Math.Min(positions ?? int.MaxValue, checkpoint.Tokenizer.ModelMaxLength ?? int.MaxValue);
    }
}
