namespace MLNet.Transformers;

/// <summary>What may be wrong with data for token classification.</summary>
public enum TokenDataProblemKind
{
    /// <summary>A row has another number of tags than of words, or span columns of different lengths.</summary>
    LengthMismatch,

    /// <summary>A span lies outside of its text, overlaps another, or does not begin and end with words.</summary>
    MisalignedSpan,

    /// <summary>A tag does not continue what stands before it as the scheme wants.</summary>
    BrokenTags,

    /// <summary>A tag that looks like another one ("o" and "0" like "O", "b-PER" like "B-PER"), but is read as a type of entities of its own.</summary>
    MistakenTag,

    /// <summary>A tag without a prefix where most have one, often a slip: because of it all tags are of no scheme, and none is checked.</summary>
    TagWithoutPrefix,

    /// <summary>A tag of the test rows that no training row has.</summary>
    UnknownTag,

    /// <summary>A tag that few words of the training rows have.</summary>
    RareTag,

    /// <summary>A row that has no words.</summary>
    EmptyRow,

    /// <summary>A row whose words stand in an earlier row of the same set.</summary>
    Duplicate,

    /// <summary>A test row whose words stand in a training row: what is measured there is memory.</summary>
    SharedWithTraining,

    /// <summary>A row of more tokens than the network takes at once: it is read in windows.</summary>
    LongRow,
}

/// <summary>Something about data for token classification that is worth a look.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="IsTest">Whether it is in the test rows.</param>
/// <param name="Row">Number of the row, from 1; 0: it is of no one row.</param>
/// <param name="Message">What was found, and what was expected.</param>
public sealed record TokenDataProblem(TokenDataProblemKind Kind, bool IsTest, long Row, string Message);
