using System.Buffers;
using Microsoft.ML.Tokenizers;

namespace MLNet.Transformers.Tokenization.Adapters;

/// <summary>
/// A text encoder as Microsoft.ML.Tokenizers knows tokenizers. Places are those of the original text whatever the normalizer does, so there never is a
/// normalized text to give back.
/// </summary>
internal sealed class EncoderTokenizer(TextEncoder encoder, bool addSpecialTokens) : Tokenizer
{
    private readonly EncodeOptions _options = new() { AddSpecialTokens = addSpecialTokens };
    private readonly Lazy<TextEncoder> _withoutNormalizer = new(() => encoder.Without(normalizer: true, cuts: false));
    private readonly Lazy<TextEncoder> _withoutCuts = new(() => encoder.Without(normalizer: false, cuts: true));
    private readonly Lazy<TextEncoder> _withoutBoth = new(() => encoder.Without(normalizer: true, cuts: true));

    public TextEncoder Encoder => encoder;

    public override string Decode(IEnumerable<int> ids) => encoder.Decode(ids, skipSpecialTokens: false);

    // As many ids as there is room for the text of, none of whose characters is cut in two.
    public override OperationStatus Decode(IEnumerable<int> ids, Span<char> destination, out int idsConsumed, out int charsWritten)
    {
        (idsConsumed, charsWritten) = (0, 0);
        int[] all = [.. ids];
        if (all.Any(id => encoder.IdToToken(id) is null))
        {
            return OperationStatus.InvalidData;
        }
        string text = Decode(all);
        string part = text;
        for (idsConsumed = all.Length; part.Length > destination.Length || !text.StartsWith(part, StringComparison.Ordinal);)
        {
            idsConsumed--;
            part = Decode(all[..idsConsumed]);
        }
        part.CopyTo(destination);
        charsWritten = part.Length;
        return idsConsumed == all.Length ? OperationStatus.Done : OperationStatus.DestinationTooSmall;
    }

    protected override EncodeResults<EncodedToken> EncodeToTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        Cut cut = FromStart(text ?? textSpan.ToString(), settings);
        return new EncodeResults<EncodedToken>
        {
            Tokens = [.. Enumerable.Range(0, cut.Count).Select(i => new EncodedToken(cut.Encoding.Ids[i], cut.Encoding.Tokens[i], cut.Encoding.Offsets[i].Start..cut.Encoding.Offsets[i].End))],
            CharsConsumed = cut.Index,
        };
    }

    protected override EncodeResults<int> EncodeToIds(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        Cut cut = FromStart(text ?? textSpan.ToString(), settings);
        return new EncodeResults<int> { Tokens = cut.Encoding.Ids[..cut.Count], CharsConsumed = cut.Index };
    }

    protected override int CountTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings) => FromStart(text ?? textSpan.ToString(), settings).Count;

    protected override int GetIndexByTokenCount(
        string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings, bool fromEnd, out string? normalizedText, out int tokenCount)
    {
        text ??= textSpan.ToString();
        Cut cut = fromEnd ? FromEnd(text, settings) : FromStart(text, settings);
        (normalizedText, tokenCount) = (null, cut.Count);
        return cut.Index;
    }

    private Cut FromStart(string text, EncodeSettings settings)
    {
        // One token more shows whether a character's last is among them.
        bool isLimited = settings.MaxTokenCount < int.MaxValue && !addSpecialTokens && encoder.TruncationSide == Side.Right;
        TokenEncoding encoding = Chosen(settings).Encode(text, null, isLimited ? _options with { MaxTokens = settings.MaxTokenCount + 1 } : _options);
        int count = Math.Min(settings.MaxTokenCount, encoding.Length);
        while (count > 0 && IsWithinCharacter(encoding, count))
        {
            count--;
        }
        return new Cut(encoding, count, count == encoding.Length ? text.Length : encoding.Offsets[..count].Select(place => place.End).DefaultIfEmpty(0).Max());
    }

    private Cut FromEnd(string text, EncodeSettings settings)
    {
        TokenEncoding encoding = Chosen(settings).Encode(text, null, _options);
        int first = Math.Max(0, encoding.Length - settings.MaxTokenCount);
        while (first > 0 && first < encoding.Length && IsWithinCharacter(encoding, first))
        {
            first++;
        }
        int index = Enumerable.Range(first, encoding.Length - first).Where(i => encoding.SequenceIds[i] is not null).Select(i => encoding.Offsets[i].Start).FirstOrDefault(text.Length);
        return new Cut(encoding, encoding.Length - first, first == 0 ? 0 : index);
    }

    private TextEncoder Chosen(EncodeSettings settings) => (settings.ConsiderNormalization, settings.ConsiderPreTokenization) switch
    {
        (true, true) => encoder,
        (false, true) => _withoutNormalizer.Value,
        (true, false) => _withoutCuts.Value,
        _ => _withoutBoth.Value,
    };

    // Whether the token before a place and the one behind it are of the same character, as bytes are.
    private static bool IsWithinCharacter(TokenEncoding encoding, int place) => place < encoding.Length
        && encoding.SequenceIds[place] is not null && encoding.SequenceIds[place - 1] is not null && encoding.Offsets[place].Start < encoding.Offsets[place - 1].End;

    /// <summary>Tokens at one end of an encoding, and the place in the text where they end, or begin.</summary>
    private readonly record struct Cut(TokenEncoding Encoding, int Count, int Index);
}
