using System.Globalization;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.QuestionAnswering;

/// <summary>Stretches of a text as a reader would mark them.</summary>
internal static class SpanText
{
    /// <summary>
    /// A stretch without blanks around it and with whole characters at its end: a tokenizer that takes accents off says that a letter ends before the
    /// accent that is written behind it.
    /// </summary>
    public static TextSpan Whole(string text, int start, int end)
    {
        while (start < end && char.IsWhiteSpace(text[start]))
        {
            start++;
        }
        while (end > start && char.IsWhiteSpace(text[end - 1]))
        {
            end--;
        }
        int whole = start;
        while (whole < end)
        {
            whole += StringInfo.GetNextTextElementLength(text, whole);
        }
        return new TextSpan(start, whole);
    }
}
