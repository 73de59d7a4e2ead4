namespace MLNet.Transformers;

/// <summary>What is a document in text files.</summary>
public enum DocumentFormat
{
    /// <summary>Each file.</summary>
    File,

    /// <summary>Lines up to a blank one.</summary>
    BlankLine,

    /// <summary>Each line, a JSON object with the text as a property.</summary>
    JsonLine,
}
