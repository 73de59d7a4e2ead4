namespace MLNet.Transformers.Tokenization;

/// <summary>A tokenizer's file cannot be used; the message names the file, what was found and what was expected.</summary>
public sealed class TokenizerException : Exception
{
    /// <summary>Creates the exception without a message.</summary>
    public TokenizerException()
    {
    }

    /// <summary>Creates the exception.</summary>
    public TokenizerException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    public TokenizerException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
