namespace MLNet.Transformers.Pretraining;

/// <summary>Cuts texts into sentences: behind a full stop, a question or an exclamation mark with a blank after it, behind those of Chinese and Japanese, and at each new line.</summary>
internal static class Sentences
{
    private const string Marks = ".?!";
    private const string WideMarks = "。！？｡";
    private const string Closing = "\"'”’」』）)]》";

    /// <summary>Where sentences end: behind their marks and what closes them, before the blanks that follow. The end of the text is not among them.</summary>
    public static List<int> Ends(string text)
    {
        var ends = new List<int>();
        for (int i = 0; i < text.Length; i++)
        {
            bool wide = WideMarks.Contains(text[i]);
            if (text[i] == '\n' && i > 0)
            {
                Add(i);
            }
            else if (wide || Marks.Contains(text[i]))
            {
                int end = i + 1;
                while (end < text.Length && (Closing.Contains(text[end]) || WideMarks.Contains(text[end]) || Marks.Contains(text[end])))
                {
                    wide |= WideMarks.Contains(text[end]);
                    end++;
                }
                if (end < text.Length && (wide || char.IsWhiteSpace(text[end])))
                {
                    Add(end);
                }
                i = end - 1;
            }
        }
        return ends;

        void Add(int end)
        {
            if (ends.Count == 0 || ends[^1] < end)
            {
                ends.Add(end);
            }
        }
    }
}
