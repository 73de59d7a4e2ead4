namespace MLNet.Transformers;

/// <summary>What becomes of a text that is longer than <see cref="TextOptions.MaxTokens"/>.</summary>
public enum LongTexts
{
    /// <summary>It is cut, and counted in the log.</summary>
    Cut,

    /// <summary>
    /// It is read in windows, which have the text's label in training; in prediction the head's scores (before they become probabilities) are averaged
    /// over them. Of a pair the longer text is cut into windows, and each stands beside the other text.
    /// </summary>
    MeanOfWindows,

    /// <summary>As <see cref="MeanOfWindows"/>, but of each score the highest of all windows counts.</summary>
    MaxOfWindows,
}
