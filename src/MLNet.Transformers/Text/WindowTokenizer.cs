using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;
using MLNet.Transformers.Tokenization;
using static System.FormattableString;

namespace MLNet.Transformers.Text;

/// <summary>
/// From the texts of rows to windows that together cover a text of any length. Of a pair one text is cut, and the other stands whole in each window.
/// Several threads may use one.
/// </summary>
/// <param name="tokenizer">The checkpoint's tokenizer.</param>
/// <param name="config">Of the network: which ids it knows, and whether it tells two texts apart by segment ids.</param>
/// <param name="maxTokens">Most tokens of a window, special tokens included.</param>
/// <param name="stride">
/// Tokens that two successive windows have in common, at most half of a window's room for the text: windows always get on, however long the other text.
/// </param>
internal sealed class WindowTokenizer(TextEncoder tokenizer, ModelConfig config, int maxTokens, int stride)
{
    private static readonly EncodeOptions _bare = new() { AddSpecialTokens = false };

    private readonly int _room = maxTokens - SpecialTokens(tokenizer, pair: false);
    private readonly int _pairRoom = maxTokens - SpecialTokens(tokenizer, pair: true);
    private readonly EmbeddedTokens _embedded = new(tokenizer, config);
    private long _rows;
    private long _long;
    private long _windows;
    private long _cut;

    /// <summary>How many rows were too long for one window, as a line for the log; null where none was.</summary>
    public string? Report => _long == 0 ? null
        : Invariant($"{_long:N0} of {_rows:N0} rows were longer than {maxTokens} tokens and were read in {_windows:N0} windows")
            + (_cut == 0 ? "." : Invariant($"; of {_cut:N0} pairs the text that is in every window took more than half of it, and was cut."));

    /// <summary>The windows of a row, in the order of the text; at least one.</summary>
    /// <param name="row">One text, or a pair.</param>
    /// <param name="cut">Which text of a pair the windows go over: <see cref="TruncationStrategy.OnlyFirst"/> or <see cref="TruncationStrategy.OnlySecond"/>.</param>
    /// <exception cref="ArgumentException">The row has a token that the network has no row for.</exception>
    public TextWindow[] Windows(TextRow row, TruncationStrategy cut = TruncationStrategy.OnlyFirst)
    {
        bool second = row.Pair is not null && cut == TruncationStrategy.OnlySecond;
        int room = row.Pair is null ? _room : _pairRoom;
        string? whole = second ? row.Text : row.Pair;
        if (whole is not null)
        {
            (whole, int taken) = Shorten(whole, room / 2);
            room -= taken;
        }
        var options = new EncodeOptions { MaxTokens = maxTokens, Truncation = cut, Stride = Math.Min(stride, room / 2) };
        IReadOnlyList<TokenEncoding> encodings = second
            ? tokenizer.EncodeWindows(whole, row.Pair, options)
            : tokenizer.EncodeWindows(row.Text, whole, options);
        Count(encodings.Count);
        return InOrder(encodings, second ? 1 : 0, options.Stride);
    }

    /// <summary>The most tokens of a window: what is asked for, as far as network and tokenizer go.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="asked">What the options say.</param>
    /// <param name="pair">Whether rows are pairs.</param>
    /// <exception cref="ArgumentOutOfRangeException">More is asked for than the network has positions, or so little that special tokens leave no room.</exception>
    public static int Limit(Checkpoint checkpoint, int? asked, bool pair)
    {
        int limit = RowTokenizer.Limit(checkpoint, asked);
        int least = SpecialTokens(checkpoint.Tokenizer, pair) + (pair ? 2 : 1);
        return limit >= least ? limit : throw Check.OutOfRange(
            nameof(TextOptions.MaxTokens), limit, $"is {limit}, but special tokens and one token of each text are {least}; give at least that.");
    }

    private static int SpecialTokens(TextEncoder tokenizer, bool pair) => tokenizer.Encode("a", pair ? "a" : null).SpecialTokensMask.Sum();

    private (string Text, int Tokens) Shorten(string text, int most)
    {
        TokenEncoding encoding = tokenizer.Encode(text, null, _bare);
        if (encoding.Length <= most)
        {
            return (text, encoding.Length);
        }
        Interlocked.Increment(ref _cut);
        string shortened = text[..encoding.Offsets[most - 1].End];
        return (shortened, tokenizer.Encode(shortened, null, _bare).Length);
    }

    private void Count(int windows)
    {
        Interlocked.Increment(ref _rows);
        if (windows > 1)
        {
            Interlocked.Increment(ref _long);
            Interlocked.Add(ref _windows, windows);
        }
    }

    private TextWindow[] InOrder(IReadOnlyList<TokenEncoding> encodings, int sequence, int common)
    {
        var windows = new TextWindow[encodings.Count];
        int before = 0;
        for (int i = 0; i < windows.Length; i++)
        {
            // A tokenizer that cuts texts on the left gives the end first.
            TokenEncoding encoding = encodings[tokenizer.TruncationSide == Side.Right ? i : windows.Length - 1 - i];
            int first = Math.Max(0, Array.IndexOf(encoding.SequenceIds, sequence));
            int count = encoding.SequenceIds.Count(id => id == sequence);
            _embedded.Check(encoding.Ids);
            var tokens = new TokenSequence(encoding.Ids, config.HasSegments ? encoding.TypeIds : null);
            windows[i] = new TextWindow(tokens, first, before, encoding.Offsets[first..(first + count)]);
            before += count - common;
        }
        return windows;
    }
}
