using MLNet.Transformers.Tokenization.Normalizers;
using MLNet.Transformers.Tokenization.Unicode;

namespace MLNet.Transformers.Tokenization.SentencePiece;

/// <summary>
/// How T5's and LLaMA's own tokenizers normalize where they are not "legacy": U+2581 of the text is a blank, a blank is put in front of the whole
/// text but not of what follows an added token, and a stretch that begins with a blank keeps it (reference: tokenization_llama.py, tokenize and
/// _tokenize, where the unknown token is put in front of such a stretch and taken away again).
/// </summary>
/// <param name="inner">The model's normalizer.</param>
/// <param name="addsPrefix">Whether a blank is put in front.</param>
internal sealed class PrefixedOnceNormalizer(SentencePieceNormalizer inner, bool addsPrefix) : INormalizer
{
    public AlignedText Normalize(AlignedText text)
    {
        ReadOnlySpan<char> characters = text.Characters.Span;
        // Added tokens are looked for before, so that only the first stretch begins where the text does.
        bool isFirst = text.Origin == 0 && text.Length > 0;
        if ((isFirst && addsPrefix) || characters.Contains(SentencePieceModel.Blank))
        {
            text = Rewrite(text, isFirst && addsPrefix);
        }
        bool startsWithBlank = text.Length > 0 && text.Characters.Span[0] is ' ' or SentencePieceModel.Blank;
        return inner.Normalize(text, addPrefix: false, dropLeadingBlanks: !startsWithBlank);
    }

    private static AlignedText Rewrite(AlignedText text, bool withPrefix)
    {
        ReadOnlySpan<char> characters = text.Characters.Span;
        var builder = new AlignedTextBuilder(text);
        if (withPrefix)
        {
            _ = Characters.At(characters, 0, out int first);
            builder.Append([SentencePieceModel.Blank], 0, first);
        }
        int done = 0;
        for (int blank = characters.IndexOf(SentencePieceModel.Blank); blank >= 0;)
        {
            builder.Keep(done, blank);
            builder.Append(" ", blank, 1);
            done = blank + 1;
            int next = characters[done..].IndexOf(SentencePieceModel.Blank);
            blank = next < 0 ? -1 : done + next;
        }
        builder.Keep(done, characters.Length);
        return builder.Build();
    }
}
