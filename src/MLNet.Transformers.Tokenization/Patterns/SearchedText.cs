using System.Text;

namespace MLNet.Transformers.Tokenization.Patterns;

/// <summary>A text as a regular expression of .NET has to see it: a unit a character.</summary>
internal readonly ref struct SearchedText
{
    private readonly int[]? _original;

    public SearchedText(ReadOnlySpan<char> text, SupplementaryUnits units)
    {
        if (!text.ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            Characters = text;
            return;
        }
        var characters = new char[text.Length];
        _original = new int[text.Length + 1];
        int count = 0;
        for (int i = 0, length; i < text.Length; i += length)
        {
            Rune rune = Unicode.Characters.At(text, i, out length);
            _original[count] = i;
            characters[count++] = rune.IsBmp ? (char)rune.Value : units.UnitOf(rune.Value);
        }
        _original[count] = text.Length;
        Characters = characters.AsSpan(0, count);
    }

    /// <summary>What to search.</summary>
    public ReadOnlySpan<char> Characters { get; }

    /// <summary>The unit of the text that a unit of <see cref="Characters"/> stands for.</summary>
    public int Original(int index) => _original is null ? index : _original[index];
}
