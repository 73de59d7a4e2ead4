using MLNet.Transformers.Models;
using MLNet.Transformers.Tokenization;
using MLNet.Transformers.Training;

namespace MLNet.Transformers.Text;

/// <summary>The texts of a row.</summary>
internal readonly record struct TextRow(string Text, string? Pair);

/// <summary>From texts to the token sequences that a network reads, on all cores.</summary>
/// <param name="tokenizer">The checkpoint's tokenizer.</param>
/// <param name="config">The network's config.</param>
/// <param name="maxTokens">Longer rows are cut, the longer text first.</param>
internal sealed class RowTokenizer(TextEncoder tokenizer, ModelConfig config, int maxTokens)
{
    private readonly EncodeOptions _options = new() { MaxTokens = maxTokens, Truncation = TruncationStrategy.LongestFirst };
    private readonly EmbeddedTokens _embedded = new(tokenizer, config);
    private long _rows;
    private long _cut;

    public TextEncoder Tokenizer => tokenizer;

    public int MaxTokens => maxTokens;

    /// <summary>What there is to say of rows that were too long, or null.</summary>
    public string? Report => _cut == 0 ? null : $"{_cut:N0} of {_rows:N0} rows were longer than {maxTokens} tokens and were cut.";

    private TokenSequence Encode(TextRow row)
    {
        TokenEncoding encoding = tokenizer.Encode(row.Text, row.Pair, _options);
        Interlocked.Increment(ref _rows);
        if (encoding.DroppedTokens > 0)
        {
            Interlocked.Increment(ref _cut);
        }
        return new TokenSequence(encoding.Ids, encoding.TypeIds);
    }

    /// <exception cref="ArgumentException">A row has a token that the network has no row for.</exception>
    public TokenSequence[] Encode(ReadOnlyMemory<TextRow> rows)
    {
        var sequences = new TokenSequence[rows.Length];
        if (rows.Length == 1)
        {
            sequences[0] = Encode(rows.Span[0]);
        }
        else
        {
            Parallel.For(0, rows.Length, row => sequences[row] = Encode(rows.Span[row]));
        }
        foreach (TokenSequence sequence in sequences)
        {
            _embedded.Check(sequence.Ids);
        }
        return sequences;
    }

    /// <summary>The most tokens of a row: what is asked for, as far as network and tokenizer go.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More is asked for than the network has positions.</exception>
    public static int Limit(Checkpoint checkpoint, int? asked, string optionName)
    {
        int? positions = checkpoint.Config.MaxTokens;
        if (asked > positions)
        {
            throw new ArgumentOutOfRangeException(
                optionName, asked, $"{optionName} is {asked}, but the network of {checkpoint.Name} has {positions} positions; give at most that.");
        }
        return asked ?? Math.Min(positions ?? int.MaxValue, checkpoint.Tokenizer.ModelMaxLength ?? int.MaxValue);
    }
}
