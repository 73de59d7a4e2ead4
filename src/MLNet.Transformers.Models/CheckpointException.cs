namespace MLNet.Transformers.Models;

/// <summary>A checkpoint, its config or one of its files cannot be used; the message names the file, key or tensor, what was found and what was expected.</summary>
public sealed class CheckpointException : Exception
{
    /// <summary>Creates the exception without a message.</summary>
    public CheckpointException()
    {
    }

    /// <summary>Creates the exception.</summary>
    public CheckpointException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    public CheckpointException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
