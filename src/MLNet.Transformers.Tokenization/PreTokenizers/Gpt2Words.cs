using MLNet.Transformers.Tokenization.Unicode;

namespace MLNet.Transformers.Tokenization.PreTokenizers;

/// <summary>
/// The words of GPT-2: the matches of <c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c>, which cover any text
/// (openai/gpt-2 encoder.py; tokenizers: pre_tokenizers/byte_level.rs). Written out by hand: this is where byte-level tokenizers spend their time.
/// </summary>
internal static class Gpt2Words
{
    public static void Split(TextSlice text, List<TextSlice> words)
    {
        ReadOnlySpan<char> span = text.Span;
        for (int start = 0; start < span.Length;)
        {
            int end = EndOfWord(span, start);
            text.AddTo(words, start, end);
            start = end;
        }
    }

    private static int EndOfWord(ReadOnlySpan<char> text, int start)
    {
        if (text[start] == '\'' && Contraction(text[(start + 1)..]) is var length and > 0)
        {
            return start + 1 + length;
        }
        CharacterKind kind = CharacterKinds.At(text, start, out int units);
        int at = start + units;
        if (text[start] == ' ' && at < text.Length && CharacterKinds.At(text, at, out units) is var next and not CharacterKind.Blank)
        {
            (kind, at) = (next, at + units);
        }
        int end = CharacterKinds.EndOfRun(text, at, kind);
        // Of white space before a word the last stays: a blank goes with the word.
        return kind == CharacterKind.Blank && end < text.Length && end - start > 1 ? end - 1 : end;
    }

    private static int Contraction(ReadOnlySpan<char> rest) => rest switch
    {
        ['s' or 't' or 'm' or 'd', ..] => 1,
        ['r' or 'v', 'e', ..] or ['l', 'l', ..] => 2,
        _ => 0,
    };
}
