using System.Text;
using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;
using MLNet.Transformers.Text;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.BlankFilling;

/// <summary>
/// From texts with blanks to what a network reads of them: each blank once, with as much of what stands around it as fits. Several threads may use one.
/// </summary>
internal sealed class BlankStretches
{
    private static readonly EncodeOptions _bare = new() { AddSpecialTokens = false };

    private readonly TextEncoder _tokenizer;
    private readonly EmbeddedTokens _embedded;
    private readonly BlankMarks _marks;
    private readonly bool _segments;
    private readonly int _maxTokens;
    private readonly int _room;

    /// <param name="tokenizer">The checkpoint's tokenizer.</param>
    /// <param name="config">Of the network: which ids it knows, and whether it has segment ids.</param>
    /// <param name="marks">What is read at a blank.</param>
    /// <param name="maxTokens">Most tokens of a stretch, special tokens included.</param>
    /// <exception cref="ArgumentOutOfRangeException">A blank alone is longer.</exception>
    /// <exception cref="InvalidOperationException">The tokenizer does not find the marks in texts.</exception>
    public BlankStretches(TextEncoder tokenizer, ModelConfig config, BlankMarks marks, int maxTokens)
    {
        (_tokenizer, _embedded, _marks, _segments, _maxTokens) = (tokenizer, new EmbeddedTokens(tokenizer, config), marks, config.HasSegments, maxTokens);
        _room = maxTokens - tokenizer.Encode("").Length;
        int[] blank = tokenizer.Encode(marks.Tokens[0]).Ids;
        if (!blank.Contains(tokenizer.TokenToId(marks.Tokens[0]) ?? -1))
        {
            throw new InvalidOperationException($"The tokenizer does not find '{marks.Tokens[0]}', which stands for a blank, in texts: it must be one of its added tokens.");
        }
        if (blank.Length > maxTokens)
        {
            throw Check.OutOfRange(nameof(TextOptions.MaxTokens), maxTokens, $"is {maxTokens}, but a blank with the special tokens around it has {blank.Length}.");
        }
    }

    /// <summary>Fills the blanks of texts, whatever stretches they are read in.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="fill">Fills stretches, in their order.</param>
    /// <returns>Of each text a filling for each blank.</returns>
    public Filling[][] Fill(IReadOnlyList<TextWithBlanks> texts, Func<IReadOnlyList<BlankStretch>, IReadOnlyList<Filling[]>> fill)
    {
        var stretches = new IReadOnlyList<BlankStretch>[texts.Count];
        AllCores.For(texts.Count, text => stretches[text] = Of(texts[text]));
        IReadOnlyList<Filling[]> filled = fill([.. stretches.SelectMany(own => own)]);
        int next = 0;
        return [.. stretches.Select(own => own.SelectMany(_ => filled[next++]).ToArray())];
    }

    /// <summary>The stretches of a text: one where it fits, none where it has no blank.</summary>
    /// <exception cref="ArgumentException">The text has a token that the network has no row for.</exception>
    public IReadOnlyList<BlankStretch> Of(TextWithBlanks text)
    {
        int blanks = text.Blanks.Count;
        if (blanks == 0)
        {
            return [];
        }
        string[] parts = [.. Enumerable.Range(0, blanks + 1).Select(text.Before)];
        if (blanks <= _marks.Most && Read(text, 0, parts, isCut: false) is var whole && whole.Tokens.Ids.Length <= _maxTokens)
        {
            return [whole];
        }
        TextSpan[][] places = Array.ConvertAll(parts, part => _tokenizer.Encode(part, null, _bare).Offsets);
        var stretches = new List<BlankStretch>();
        for (int first = 0; first < blanks; first += stretches[^1].Blanks)
        {
            stretches.Add(Next(text, parts, places, first));
        }
        return stretches;
    }

    // Blanks share a stretch as long as half of it is left for what stands around them.
    private BlankStretch Next(TextWithBlanks text, string[] parts, TextSpan[][] places, int first)
    {
        int count = 1, taken = 1;
        while (first + count < text.Blanks.Count && count < _marks.Most && taken + places[first + count].Length + 1 <= _room / 2)
        {
            taken += places[first + count].Length + 1;
            count++;
        }
        int context = Math.Max(0, _room - taken);
        while (true)
        {
            BlankStretch stretch = Around(text, parts, places, first, count, context);
            int excess = stretch.Tokens.Ids.Length - _maxTokens;
            if (excess <= 0 || (context == 0 && count == 1))
            {
                return stretch;
            }
            // What is cut may be split into tokens otherwise, so that more has to go.
            (context, count) = context > 0 ? (Math.Max(0, context - excess), count) : (0, count - 1);
        }
    }

    private BlankStretch Around(TextWithBlanks text, string[] parts, TextSpan[][] places, int first, int count, int context)
    {
        TextSpan[] before = places[first], behind = places[first + count];
        int left = Math.Min(before.Length, Math.Max(context / 2, context - behind.Length)), right = Math.Min(behind.Length, context - left);
        string[] around = parts[first..(first + count + 1)];
        around[0] = left == before.Length ? around[0] : left == 0 ? "" : around[0][before[^left].Start..];
        around[^1] = right == behind.Length ? around[^1] : right == 0 ? "" : around[^1][..behind[right - 1].End];
        return Read(text, first, around, isCut: true);
    }

    private BlankStretch Read(TextWithBlanks text, int first, string[] around, bool isCut)
    {
        var read = new StringBuilder(around[0]);
        for (int i = 1; i < around.Length; i++)
        {
            read.Append(_marks.At(i - 1, text.Written(first + i - 1))).Append(around[i]);
        }
        TokenEncoding encoding = _tokenizer.Encode(read.ToString());
        return new BlankStretch(new TokenSequence(_embedded.Check(encoding.Ids), _segments ? encoding.TypeIds : null), around, isCut);
    }
}
