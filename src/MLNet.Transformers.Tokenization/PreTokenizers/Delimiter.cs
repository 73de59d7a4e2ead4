namespace MLNet.Transformers.Tokenization.PreTokenizers;

/// <summary>What becomes of a stretch that separates words (tokenizers: SplitDelimiterBehavior).</summary>
internal enum Delimiter
{
    /// <summary>It goes.</summary>
    Removed,

    /// <summary>It is a word.</summary>
    Isolated,

    /// <summary>It ends the word before it.</summary>
    MergedWithPrevious,

    /// <summary>It begins the word after it.</summary>
    MergedWithNext,

    /// <summary>A run of them is a word.</summary>
    Contiguous,
}

/// <summary>A stretch of a text that either separates words or is between separators.</summary>
internal readonly record struct Segment(int Start, int End, bool IsDelimiter);

/// <summary>Makes words of segments.</summary>
internal static class DelimiterSplit
{
    /// <param name="text">The text.</param>
    /// <param name="segments">All of the text, in its order.</param>
    /// <param name="behavior">What becomes of delimiters.</param>
    /// <param name="words">The words are appended here.</param>
    public static void Split(TextSlice text, List<Segment> segments, Delimiter behavior, List<TextSlice> words)
    {
        int start = 0;
        for (int i = 0; i < segments.Count; i++)
        {
            if (i + 1 < segments.Count && AreOneWord(segments, i, behavior))
            {
                continue;
            }
            if (behavior != Delimiter.Removed || !segments[i].IsDelimiter)
            {
                text.AddTo(words, segments[start].Start, segments[i].End);
            }
            start = i + 1;
        }
    }

    // Whether a segment and the next belong together. Of several delimiters in a row only the one beside the word joins it.
    private static bool AreOneWord(List<Segment> segments, int i, Delimiter behavior) => behavior switch
    {
        Delimiter.MergedWithPrevious => !segments[i].IsDelimiter && segments[i + 1].IsDelimiter,
        Delimiter.MergedWithNext => segments[i].IsDelimiter && !segments[i + 1].IsDelimiter,
        Delimiter.Contiguous => segments[i].IsDelimiter == segments[i + 1].IsDelimiter,
        _ => false,
    };
}
