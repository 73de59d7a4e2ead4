using MLNet.Transformers.Tokenization.Unicode;

namespace MLNet.Transformers.Tokenization.PostProcessors;

/// <summary>Takes white space at the ends of a token out of its place (tokenizers: pre_tokenizers/byte_level.rs, process_offsets).</summary>
/// <param name="AddPrefixSpace">Whether the blank that begins a text counts as put in front, so that it takes nothing away.</param>
internal sealed record OffsetTrim(bool AddPrefixSpace)
{
    /// <param name="place">Where the token stands.</param>
    /// <param name="isFirst">Whether it is the first token of the encoding.</param>
    /// <param name="token">How the token is written.</param>
    /// <param name="text">The original text.</param>
    public TextSpan Apply(TextSpan place, bool isFirst, ReadOnlySpan<char> token, string text)
    {
        int leading = 0;
        while (leading < token.Length && IsBlank(token[leading]))
        {
            leading++;
        }
        int trailing = 0;
        while (trailing < token.Length && IsBlank(token[token.Length - 1 - trailing]))
        {
            trailing++;
        }
        (int start, int end) = (place.Start, place.End);
        bool wasAdded = AddPrefixSpace && leading == 1 && (isFirst || start == 0);
        for (int i = wasAdded ? leading : 0; i < leading && start < end; i++)
        {
            start += char.IsHighSurrogate(text[start]) ? 2 : 1;
        }
        // Where there is not as much before the end as goes, nothing goes.
        for (int i = 0, goes = end >= trailing ? trailing : 0; i < goes && end > start; i++)
        {
            end -= char.IsLowSurrogate(text[end - 1]) ? 2 : 1;
        }
        return new TextSpan(start, end);
    }

    private static bool IsBlank(char character) => character == ByteAlphabet.Blank || char.IsWhiteSpace(character);
}
