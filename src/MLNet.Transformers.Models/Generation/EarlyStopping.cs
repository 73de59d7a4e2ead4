namespace MLNet.Transformers;

/// <summary>When beam search ends before the longest length (<c>early_stopping</c> of the reference's generation_config.json).</summary>
public enum EarlyStopping
{
    /// <summary>
    /// <c>false</c>, the default: as soon as the best beam that still runs, were it to end now, would not be better than the worst finished one. With
    /// a positive length penalty a longer text could still have been better.
    /// </summary>
    Heuristic,

    /// <summary><c>true</c>: as soon as there are as many finished texts as beams.</summary>
    WhenFull,

    /// <summary><c>"never"</c>: only when no longer text could be better, whatever its length: the textbook's beam search.</summary>
    Never,
}
