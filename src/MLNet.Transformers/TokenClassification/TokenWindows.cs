using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Losses;
using MLNet.Transformers.Text;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.TokenClassification;

/// <summary>Makes the windows of a text. Several threads may use one.</summary>
/// <param name="tokenizer">The checkpoint's tokenizer.</param>
/// <param name="config">Of the network.</param>
/// <param name="maxTokens">Most tokens of a window, special tokens included.</param>
/// <param name="stride">Tokens that two windows have in common; null: a quarter of a window.</param>
internal sealed class TokenWindows(TextEncoder tokenizer, ModelConfig config, int maxTokens, int? stride)
{
    private readonly WindowTokenizer _windows = new(tokenizer, config, maxTokens, stride ?? maxTokens / 4);

    public string? Report => _windows.Report;

    /// <param name="text">The text and its words.</param>
    /// <param name="tags">Number of each word's tag, or <see cref="LossTerm.Ignored"/>; null where tags are to be predicted.</param>
    /// <exception cref="ArgumentException">The text has a token that the network has no row for.</exception>
    public TokenWindow[] Of(TokenText text, int[]? tags)
    {
        TextWindow[] windows = _windows.Windows(new TextRow(text.Text, Pair: null));
        int[] bounds = Bounds(windows);
        var places = new TextSpan[bounds[^1]];
        for (int i = 0; i < windows.Length; i++)
        {
            windows[i].Offsets.CopyTo(places, windows[i].Before);
        }
        var row = new TaggedText(TokenAlignment.Of(text, places), tags);
        return [.. windows.Select((window, i) =>
        {
            int shift = window.First - window.Before;
            var spoken = new Range(bounds[i] + shift, bounds[i + 1] + shift);
            // A network cannot read nothing, as a tokenizer without special tokens makes of an empty text.
            TokenSequence tokens = window.Tokens.Ids.Length > 0 ? window.Tokens : new TokenSequence([config.PaddingId]);
            return new TokenWindow(tokens, tags is null ? [] : Labels(tokens.Ids.Length, row, bounds[i]..bounds[i + 1], shift), row, spoken);
        })];
    }

    // Which tokens of the text each window speaks for, from one bound to the next: of the tokens that two windows have in common the first half has more
    // context in the earlier one, the second in the later.
    private static int[] Bounds(TextWindow[] windows)
    {
        var bounds = new int[windows.Length + 1];
        for (int i = 1; i < windows.Length; i++)
        {
            bounds[i] = (windows[i - 1].Before + windows[i - 1].Offsets.Length + windows[i].Before + 1) / 2;
        }
        bounds[^1] = windows[^1].Before + windows[^1].Offsets.Length;
        return bounds;
    }

    private static int[] Labels(int length, TaggedText row, Range spoken, int shift)
    {
        var labels = new int[length];
        Array.Fill(labels, (int)LossTerm.Ignored);
        for (int token = spoken.Start.Value; token < spoken.End.Value; token++)
        {
            if (row.Alignment.WordOf[token] is var word and >= 0 && row.Alignment.FirstToken[word] == token)
            {
                labels[token + shift] = row.Tags![word];
            }
        }
        return labels;
    }
}
