using MLNet.Transformers.Models;
using MLNet.Transformers.Text;
using MLNet.Transformers.Tokenization;
using static System.FormattableString;

namespace MLNet.Transformers.SequenceToSequence;

/// <summary>From sources to the ids that a network reads. Several threads may use one.</summary>
internal sealed class SourceEncoder
{
    private static readonly EncodeOptions _bare = new() { AddSpecialTokens = false };

    private readonly TextEncoder _tokenizer;
    private readonly EmbeddedTokens _embedded;
    private readonly ISourceForm _form;
    private readonly BlankNames? _blank;
    private readonly int _beginId;
    private readonly int _maxTokens;
    private long _rows;
    private long _cut;

    /// <param name="tokenizer">The checkpoint's tokenizer.</param>
    /// <param name="config">Of the network: which ids it knows.</param>
    /// <param name="form">What the network reads of a source.</param>
    /// <param name="blank">The tokens of a blank, where the network writes into one.</param>
    /// <param name="beginId">What is read where nothing else is.</param>
    /// <param name="maxTokens">Most tokens of a source with its prompt: a longer source is cut, its prompt is not.</param>
    /// <exception cref="ArgumentException">The prompt alone is longer.</exception>
    /// <exception cref="InvalidOperationException">A chat template is to be used, but there is none.</exception>
    public SourceEncoder(TextEncoder tokenizer, ModelConfig config, ISourceForm form, BlankNames? blank, int beginId, int maxTokens)
    {
        (_tokenizer, _embedded, _form, _blank, _beginId, _maxTokens) = (tokenizer, new EmbeddedTokens(tokenizer, config), form, blank, beginId, maxTokens);
        int prompt = Read(new TextRow("", null)).Length;
        if (prompt > maxTokens)
        {
            throw Check.OutOfRange(nameof(WritingOptions.MaxSourceTokens), maxTokens, $"is {maxTokens}, but the prompt around a source alone has {prompt} tokens.");
        }
    }

    /// <summary>How many sources were too long, as a line for the log; null where none was.</summary>
    public string? Report => _cut == 0 ? null : Invariant($"{_cut:N0} of {_rows:N0} sources were longer than {_maxTokens} tokens and were cut.");

    /// <exception cref="ArgumentException">The source has a token that the network has no row for.</exception>
    public int[] Encode(TextRow row)
    {
        int[] ids = Read(row);
        Interlocked.Increment(ref _rows);
        if (ids.Length > _maxTokens)
        {
            Interlocked.Increment(ref _cut);
            ids = Shortened(row, ids.Length - _maxTokens);
        }
        return _embedded.Check(ids);
    }

    // Where a text was cut it may be split into tokens otherwise, so that more has to go. Of two the longer is cut first.
    private int[] Shortened(TextRow row, int excess)
    {
        TextSpan[] text = Places(row.Text), pair = Places(row.Pair);
        for (int kept = text.Length + pair.Length - excess; kept > 0; kept -= excess)
        {
            int shorter = Math.Min(Math.Min(text.Length, pair.Length), kept / 2);
            (int ofText, int ofPair) = text.Length >= pair.Length ? (kept - shorter, shorter) : (shorter, kept - shorter);
            int[] ids = Read(new TextRow(Cut(row.Text, text, ofText), row.Pair is null ? null : Cut(row.Pair, pair, ofPair)));
            excess = ids.Length - _maxTokens;
            if (excess <= 0)
            {
                return ids;
            }
        }
        return Read(new TextRow("", null));
    }

    private TextSpan[] Places(string? text) => _tokenizer.Encode(text, null, _bare).Offsets;

    private static string Cut(string text, TextSpan[] places, int kept) => kept == 0 ? "" : text[..places[kept - 1].End];

    private int[] Read(TextRow row)
    {
        int[] ids = _form.Messages(row) is { } messages
            ? _tokenizer.EncodeChat(messages, addGenerationPrompt: true).Ids
            : _tokenizer.Encode(WithBlank(_form.Text(row))).Ids;
        return ids.Length > 0 ? ids : [_beginId];
    }

    // As THUDM's generate_samples.py: a text without a blank is gone on with.
    private string WithBlank(string text) =>
        _blank is null || _blank.Masks.Any(mask => text.Contains(mask, StringComparison.Ordinal)) ? text : $"{text} {_blank.Masks[^1]}";
}
