using System.Text;
using MLNet.Transformers.Tokenization.Unicode;

namespace MLNet.Transformers.Tokenization;

/// <summary>Writes stretches of texts in the byte alphabet. All bytes of a character have its place (tokenizers: pre_tokenizers/byte_level.rs).</summary>
internal static class ByteLevelText
{
    /// <summary>Appends slices as the byte alphabet writes them. Those of one text share one new text.</summary>
    public static void Write(List<TextSlice> slices, List<TextSlice> written)
    {
        for (int start = 0, end; start < slices.Count; start = end)
        {
            end = slices.EndOfText(start);
            WriteOne(slices[start].Text, slices, start, end, written);
        }
    }

    /// <summary>A whole text in the byte alphabet.</summary>
    public static AlignedText Write(AlignedText text)
    {
        var written = new List<TextSlice>(1);
        WriteOne(text, [text.Whole], 0, 1, written);
        return written[0].Text;
    }

    private static void WriteOne(AlignedText text, List<TextSlice> slices, int first, int end, List<TextSlice> written)
    {
        if (IsOneAsciiStretch(slices, first, end))
        {
            WriteAscii(text, slices, first, end, written);
            return;
        }
        int length = 0;
        for (int i = first; i < end; i++)
        {
            length += Encoding.UTF8.GetByteCount(slices[i].Span);
        }
        var characters = new char[length];
        var (starts, ends) = (new int[length], new int[length]);
        var mapped = new AlignedText(characters, starts, ends, text.Origin);
        int at = 0;
        for (int i = first; i < end; i++)
        {
            int before = at;
            TextSlice slice = slices[i];
            ReadOnlySpan<char> span = slice.Span;
            for (int unit = 0, units; unit < span.Length; unit += units)
            {
                int bytes = ByteAlphabet.Write(Characters.At(span, unit, out units), characters.AsSpan(at));
                starts.AsSpan(at, bytes).Fill(text.OriginalStart(slice.Start + unit));
                ends.AsSpan(at, bytes).Fill(text.OriginalEnd(slice.Start + unit + units - 1));
                at += bytes;
            }
            written.Add(new TextSlice(mapped, before, at - before));
        }
    }

    private static bool IsOneAsciiStretch(List<TextSlice> slices, int first, int end)
    {
        for (int i = first; i < end; i++)
        {
            if ((i > first && slices[i].Start != slices[i - 1].Start + slices[i - 1].Length) || !Ascii.IsValid(slices[i].Span))
            {
                return false;
            }
        }
        return true;
    }

    // A byte a unit: places stay what they are.
    private static void WriteAscii(AlignedText text, List<TextSlice> slices, int first, int end, List<TextSlice> written)
    {
        int origin = slices[first].Start;
        int length = slices[end - 1].Start + slices[end - 1].Length - origin;
        var characters = new char[length];
        ReadOnlySpan<char> source = text.Characters.Span.Slice(origin, length);
        for (int i = 0; i < length; i++)
        {
            characters[i] = ByteAlphabet.Character((byte)source[i]);
        }
        var mapped = new AlignedText(
            characters, text.Starts?.AsSpan(origin, length).ToArray(), text.Ends?.AsSpan(origin, length).ToArray(), text.Starts is null ? text.Origin + origin : text.Origin);
        for (int i = first; i < end; i++)
        {
            written.Add(new TextSlice(mapped, slices[i].Start - origin, slices[i].Length));
        }
    }
}
