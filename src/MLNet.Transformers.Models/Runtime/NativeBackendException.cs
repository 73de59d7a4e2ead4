namespace MLNet.Transformers.Models.Runtime;

/// <summary>libtorch, the native library under all networks, could not be loaded; the message says what is missing and the ways out.</summary>
public sealed class NativeBackendException : Exception
{
    /// <summary>Creates the exception without a message.</summary>
    public NativeBackendException()
    {
    }

    /// <summary>Creates the exception.</summary>
    public NativeBackendException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    public NativeBackendException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
