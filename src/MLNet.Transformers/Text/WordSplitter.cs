using System.Text;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Text;

/// <summary>Cuts raw texts into words, whatever the tokenizer: what is tagged must not depend on the checkpoint.</summary>
internal static class WordSplitter
{
    /// <summary>Words as BERT's pre-tokenizer makes them: stretches between blanks, punctuation marks, ASCII's symbols and Chinese characters one by one.</summary>
    public static TextSpan[] Words(string text) => Split(text, IsWordOfItsOwn);

    /// <summary>The stretches between blanks.</summary>
    public static TextSpan[] AtBlanks(string text) => Split(text, static _ => false);

    private static TextSpan[] Split(string text, Func<Rune, bool> isWordOfItsOwn)
    {
        var words = new List<TextSpan>();
        int start = 0;
        for (int i = 0, length; i < text.Length; i += length)
        {
            // A lone surrogate is a letter.
            if (Rune.DecodeFromUtf16(text.AsSpan(i), out Rune rune, out length) != System.Buffers.OperationStatus.Done)
            {
                length = 1;
                continue;
            }
            bool alone = isWordOfItsOwn(rune);
            if (alone || Rune.IsWhiteSpace(rune))
            {
                Add(i);
                start = i + length;
            }
            if (alone)
            {
                words.Add(new TextSpan(i, start));
            }
        }
        Add(text.Length);
        return [.. words];

        void Add(int end)
        {
            if (end > start)
            {
                words.Add(new TextSpan(start, end));
            }
        }
    }

    private static bool IsWordOfItsOwn(Rune rune) => rune.IsAscii
        ? rune.Value > ' ' && rune.Value < 0x7F && !Rune.IsLetterOrDigit(rune)
        : Rune.IsPunctuation(rune) || IsChinese(rune.Value);

    /// <summary>Whether a code point is a Chinese character.</summary>
    public static bool IsChinese(int value) => value
        is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
}
