using MLNet.Transformers.Tokenization.ChatTemplates.Values;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Syntax;

/// <summary>A template's text and a place in it.</summary>
internal sealed class Source
{
    private int _line = 1;

    /// <param name="text">The template; all line ends count as \n, and one at the very end does not count.</param>
    public Source(string text)
    {
        string normalized = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        Text = normalized.EndsWith('\n') ? normalized[..^1] : normalized;
    }

    public string Text { get; }

    public int Position { get; private set; }

    public int Line => _line;

    public bool AtEnd => Position >= Text.Length;

    /// <summary>The character that many places on; \0 behind the end.</summary>
    public char Peek(int ahead = 0) => Position + ahead < Text.Length ? Text[Position + ahead] : '\0';

    public bool StartsWith(string text, int ahead = 0) => Text.AsSpan(Math.Min(Position + ahead, Text.Length)).StartsWith(text);

    /// <summary>Goes on to a place and gives the text up to there.</summary>
    public string ReadTo(int end)
    {
        string read = Text[Position..end];
        _line += read.AsSpan().Count('\n');
        Position = end;
        return read;
    }

    public string Read(int length) => ReadTo(Position + length);

    /// <summary>The first place from a place on that holds no white space.</summary>
    public int SkipSpace(int from)
    {
        while (from < Text.Length && Texts.IsSpace(Text[from]))
        {
            from++;
        }
        return from;
    }

    public TemplateError Error(string message) => new(message, _line);
}
