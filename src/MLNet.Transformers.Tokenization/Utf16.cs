using System.Buffers;
using System.Text;

namespace MLNet.Transformers.Tokenization;

/// <summary>Texts that are not valid UTF-16.</summary>
internal static class Utf16
{
    /// <summary>The text with U+FFFD for each lone surrogate: the same length, so that places stay true.</summary>
    public static string Repair(string text)
    {
        int first = FirstLoneSurrogate(text);
        if (first < 0)
        {
            return text;
        }
        return string.Create(text.Length, (text, first), static (target, source) =>
        {
            source.text.CopyTo(target);
            for (int at = source.first; at >= 0 && at < target.Length;)
            {
                target[at] = (char)Rune.ReplacementChar.Value;
                int next = FirstLoneSurrogate(target[at..]);
                at = next < 0 ? -1 : at + next;
            }
        });
    }

    private static int FirstLoneSurrogate(ReadOnlySpan<char> text)
    {
        for (int at = 0; at < text.Length;)
        {
            int surrogate = text[at..].IndexOfAnyInRange('\uD800', '\uDFFF');
            if (surrogate < 0)
            {
                return -1;
            }
            at += surrogate;
            if (Rune.DecodeFromUtf16(text[at..], out _, out int length) != OperationStatus.Done)
            {
                return at;
            }
            at += length;
        }
        return -1;
    }
}
