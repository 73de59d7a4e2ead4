using MLNet.Transformers.Tokenization.Normalizers;
using MLNet.Transformers.Tokenization.Unicode;

namespace MLNet.Transformers.Tokenization.SentencePiece;

/// <summary>
/// What a SentencePiece model does to a text before it is split: characters replaced, blanks removed, a blank put in front, blanks written as
/// U+2581 (sentencepiece: normalizer.cc). The blank in front has the place of the first character.
/// </summary>
internal sealed class SentencePieceNormalizer : INormalizer
{
    private readonly NormalizerSettings _settings;
    private readonly PieceTrie _userDefined;
    private readonly bool[] _plain = new bool[0x80];
    private readonly string _blank;

    public SentencePieceNormalizer(SentencePieceModel model)
    {
        _settings = model.Normalizer;
        _blank = _settings.EscapeWhitespaces ? $"{SentencePieceModel.Blank}" : " ";
        _userDefined = new PieceTrie(model.Pieces.Select((piece, id) => (piece, id))
            .Where(item => item.piece.Type == PieceType.UserDefined).Select(item => (item.piece.Text, item.id)));
        for (char ascii = '\0'; ascii < _plain.Length; ascii++)
        {
            _plain[ascii] = ascii != ' ' && (_settings.Map?.KeepsBeforeAscii(ascii) ?? true) && _userDefined.Next(PieceTrie.Root, ascii) < 0;
        }
    }

    public AlignedText Normalize(AlignedText text) => Normalize(text, _settings.AddDummyPrefix, _settings.RemoveExtraWhitespaces);

    /// <param name="text">The text.</param>
    /// <param name="addPrefix">Whether a blank is put in front.</param>
    /// <param name="dropLeadingBlanks">Whether blanks at the beginning are removed, as far as the model removes any.</param>
    public AlignedText Normalize(AlignedText text, bool addPrefix, bool dropLeadingBlanks)
    {
        ReadOnlySpan<char> characters = text.Characters.Span;
        bool removesBlanks = _settings.RemoveExtraWhitespaces;
        var builder = new AlignedTextBuilder(text);
        int at = dropLeadingBlanks && removesBlanks ? AfterBlanks(characters) : 0;
        if (at == characters.Length)
        {
            return builder.Build();
        }
        if (addPrefix)
        {
            _ = Characters.At(characters, at, out int first);
            builder.Append(_blank, at, first);
        }
        bool afterBlank = dropLeadingBlanks && removesBlanks;
        while (at < characters.Length)
        {
            int run = PlainRun(characters[at..]);
            if (run > 0)
            {
                builder.Keep(at, at + run);
                at += run;
                afterBlank = false;
                continue;
            }
            int length = Replace(characters[at..], out ReadOnlySpan<char> replacement);
            afterBlank = Append(builder, afterBlank ? replacement.TrimStart(' ') : replacement, at, length, afterBlank) && removesBlanks;
            at += length;
        }
        if (removesBlanks)
        {
            builder.TrimEnd(_blank[0]);
        }
        return builder.Build();
    }

    // Returns whether what was appended ends in a blank; where nothing was, as before.
    private bool Append(AlignedTextBuilder builder, ReadOnlySpan<char> replacement, int at, int length, bool afterBlank)
    {
        if (replacement.Length == 0)
        {
            return afterBlank;
        }
        bool endsInBlank = replacement[^1] == ' ';
        while (replacement.Length > 0)
        {
            int blank = replacement.IndexOf(' ');
            int end = blank < 0 ? replacement.Length : blank;
            builder.Append(replacement[..end], at, length);
            if (blank >= 0)
            {
                builder.Append(_blank, at, length);
            }
            replacement = replacement[(blank < 0 ? end : end + 1)..];
        }
        return endsInBlank;
    }

    private int AfterBlanks(ReadOnlySpan<char> characters)
    {
        int at = 0;
        while (at < characters.Length)
        {
            int length = Replace(characters[at..], out ReadOnlySpan<char> replacement);
            if (replacement is not " ")
            {
                break;
            }
            at += length;
        }
        return at;
    }

    // Units that stay as they are, as far as that is known without a look at the rules.
    private int PlainRun(ReadOnlySpan<char> characters)
    {
        int i = 0;
        while (i < characters.Length && characters[i] < _plain.Length && _plain[characters[i]])
        {
            i++;
        }
        // What follows may belong to the last of them.
        return i > 0 && i < characters.Length && characters[i] >= _plain.Length ? i - 1 : i;
    }

    // What the first characters become, and how many units they are: a piece of the user's own stays, else the longest rule counts.
    private int Replace(ReadOnlySpan<char> characters, out ReadOnlySpan<char> replacement)
    {
        int length = _userDefined.LongestPrefix(characters, out _);
        if (length == 0 && _settings.Map is { } map)
        {
            length = map.Longest(characters, out string found);
            if (length > 0)
            {
                replacement = found;
                return length;
            }
        }
        if (length == 0)
        {
            _ = Characters.At(characters, 0, out length);
        }
        replacement = characters[..length];
        return length;
    }
}
