namespace MLNet.Transformers;

/// <summary>
/// A chat template cannot be read or rendered, or refuses the conversation. The message names the file, the line where one is known, and what is wrong.
/// </summary>
public sealed class ChatTemplateException : Exception
{
    /// <summary>Creates the exception without a message.</summary>
    public ChatTemplateException()
    {
    }

    /// <summary>Creates the exception.</summary>
    public ChatTemplateException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    public ChatTemplateException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
