using System.Globalization;
using System.Text;
using MLNet.Transformers.Tokenization.PreTokenizers;
using MLNet.Transformers.Tokenization.SentencePiece;
using MLNet.Transformers.Tokenization.Unicode;

namespace MLNet.Transformers.Tokenization.Vocabularies;

/// <summary>
/// Cuts words between letters, digits and other characters, and before each mark of a blank, which belongs to what follows. Since no piece goes over
/// such a place the parts can be looked at by themselves, and of these there are far fewer than of words with punctuation, or of clauses in Chinese.
/// </summary>
internal sealed class KindPreTokenizer : IPreTokenizer
{
    private const char ZeroWidthNonJoiner = '\u200C';
    private const char ZeroWidthJoiner = '\u200D';

    private KindPreTokenizer()
    {
    }

    public static KindPreTokenizer Instance { get; } = new();

    public void Split(TextSlice text, List<TextSlice> words)
    {
        ReadOnlySpan<char> span = text.Span;
        int start = 0;
        CharacterKind? current = null;
        for (int i = 0, units; i < span.Length; i += units)
        {
            bool isMark = span[i] == SentencePieceModel.Blank;
            CharacterKind kind = CharacterKinds.At(span, i, out units);
            kind = current is { } before && Joins(Characters.At(span, i, out _)) ? before : kind;
            if (i > 0 && (isMark || (current is not null && kind != current)))
            {
                text.AddTo(words, start, i);
                start = i;
            }
            current = isMark ? null : kind;
        }
        text.AddTo(words, start, span.Length);
    }

    // Accents, vowel signs and what joins emoji are of the kind of what they stand behind.
    private static bool Joins(Rune rune) => rune.Value is ZeroWidthNonJoiner or ZeroWidthJoiner || Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;
}
