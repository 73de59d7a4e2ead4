using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Parity.Tokenizers;

/// <summary>Fixtures count offsets in code points, this library in UTF-16 units.</summary>
internal sealed class CodePoints
{
    private readonly int[] _before;

    public CodePoints(string text)
    {
        _before = new int[text.Length + 1];
        for (int i = 0; i < text.Length; i++)
        {
            bool second = char.IsLowSurrogate(text[i]) && i > 0 && char.IsHighSurrogate(text[i - 1]);
            _before[i + 1] = _before[i] + (second ? 0 : 1);
        }
    }

    public string Convert(TextSpan span) => $"{_before[span.Start]}-{_before[span.End]}";
}
