namespace MLNet.Transformers.QuestionAnswering;

/// <summary>Places in a text that are counted in code points, as Python counts them, in the UTF-16 units of .NET.</summary>
internal sealed class CodePoints
{
    // The unit in which each code point begins; null: they are the same.
    private readonly int[]? _units;
    private readonly int _excess;

    public CodePoints(string text)
    {
        if (!text.Any(char.IsSurrogate))
        {
            return;
        }
        _units = [.. Enumerable.Range(0, text.Length).Where(unit => unit == 0 || !char.IsSurrogatePair(text[unit - 1], text[unit]))];
        _excess = text.Length - _units.Length;
    }

    /// <summary>A place in UTF-16 units. One that is not in the text stays outside of it.</summary>
    public int ToUtf16(int codePoint) =>
        _units is null || codePoint < 0 ? codePoint : codePoint < _units.Length ? _units[codePoint] : codePoint + _excess;
}
