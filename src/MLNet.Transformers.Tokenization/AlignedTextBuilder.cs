using System.Text;

namespace MLNet.Transformers.Tokenization;

/// <summary>Builds a changed text from another, keeping for each unit where it came from.</summary>
internal sealed class AlignedTextBuilder(AlignedText source)
{
    private readonly List<int> _starts = new(source.Length + 16);
    private readonly List<int> _ends = new(source.Length + 16);
    private readonly StringBuilder _text = new(source.Length + 16);

    /// <summary>Appends text that stands for the units from <paramref name="start"/> of the source.</summary>
    public void Append(ReadOnlySpan<char> text, int start, int length)
    {
        _text.Append(text);
        int first = source.OriginalStart(start);
        int end = source.OriginalEnd(start + length - 1);
        for (int i = 0; i < text.Length; i++)
        {
            _starts.Add(first);
            _ends.Add(end);
        }
    }

    public void Append(char text, int start, int length) => Append([text], start, length);

    public AlignedText Build() => new(_text.ToString().AsMemory(), [.. _starts], [.. _ends], source.Origin);
}
