namespace MLNet.Transformers;

/// <summary>Why a generated text ended.</summary>
public enum FinishReason
{
    /// <summary>The network wrote one of the end tokens, which is the last of the ids.</summary>
    EndToken,

    /// <summary>The longest length was reached.</summary>
    Length,

    /// <summary>One of the stop strings was completed by the last token.</summary>
    StopString,
}
