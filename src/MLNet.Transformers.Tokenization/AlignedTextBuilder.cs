using System.Text;

namespace MLNet.Transformers.Tokenization;

/// <summary>Builds a changed text from another, keeping for each unit where it came from.</summary>
internal sealed class AlignedTextBuilder(AlignedText source)
{
    private char[] _text = new char[source.Length + 16];
    private int[] _starts = new int[source.Length + 16];
    private int[] _ends = new int[source.Length + 16];
    private int _length;

    /// <summary>Units so far.</summary>
    public int Length => _length;

    /// <summary>Appends units of the source as they are.</summary>
    public void Keep(int start, int end)
    {
        int count = end - start;
        if (count <= 0)
        {
            return;
        }
        MakeRoom(count);
        source.Characters.Span[start..end].CopyTo(_text.AsSpan(_length));
        if (source.Starts is null || source.Ends is null)
        {
            for (int i = 0; i < count; i++)
            {
                _starts[_length + i] = source.Origin + start + i;
                _ends[_length + i] = source.Origin + start + i + 1;
            }
        }
        else
        {
            source.Starts.AsSpan(start, count).CopyTo(_starts.AsSpan(_length));
            source.Ends.AsSpan(start, count).CopyTo(_ends.AsSpan(_length));
        }
        _length += count;
    }

    /// <summary>Appends text that stands for units of the source.</summary>
    public void Append(ReadOnlySpan<char> text, int start, int length)
    {
        MakeRoom(text.Length);
        text.CopyTo(_text.AsSpan(_length));
        _starts.AsSpan(_length, text.Length).Fill(length == 0 ? source.Origin : source.OriginalStart(start));
        _ends.AsSpan(_length, text.Length).Fill(length == 0 ? source.Origin : source.OriginalEnd(start + length - 1));
        _length += text.Length;
    }

    /// <summary>Appends a character that stands for units of the source.</summary>
    public void Append(Rune rune, int start, int length)
    {
        Span<char> units = stackalloc char[2];
        Append(units[..rune.EncodeToUtf16(units)], start, length);
    }

    /// <summary>Takes a character away at the end, as often as it stands there.</summary>
    public void TrimEnd(char character) => _length = _text.AsSpan(0, _length).TrimEnd(character).Length;

    public AlignedText Build() => new(_text.AsMemory(0, _length), _starts, _ends, source.Origin);

    private void MakeRoom(int more)
    {
        if (_length + more > _text.Length)
        {
            int size = Math.Max(_length + more, 2 * _text.Length);
            Array.Resize(ref _text, size);
            Array.Resize(ref _starts, size);
            Array.Resize(ref _ends, size);
        }
    }
}
