using System.Collections.Concurrent;

namespace MLNet.Transformers.Models.Runtime;

/// <summary>Something that is started once: what it has to say is kept for the log, what it failed of is thrown at every call.</summary>
/// <param name="start">Starts it; given where to put messages.</param>
internal sealed class NativeStart(Action<Action<string>> start)
{
    private readonly Lock _lock = new();
    private readonly ConcurrentQueue<string> _messages = new();
    private volatile bool _done;
    private NativeBackendException? _failure;

    /// <summary>Starts it at the first call, and throws what that call threw at every later one.</summary>
    /// <exception cref="NativeBackendException">It could not be started.</exception>
    public void Ensure()
    {
        if (!_done)
        {
            lock (_lock)
            {
                if (!_done)
                {
                    _failure = Try();
                    _done = true;
                }
            }
        }
        if (_failure is { } failure)
        {
            // A new one: its stack trace is the caller's, and several threads may throw at once.
            throw new NativeBackendException(failure.Message, failure);
        }
    }

    /// <summary>Messages for the user's log; each is given once.</summary>
    public IEnumerable<string> TakeMessages()
    {
        while (_messages.TryDequeue(out string? message))
        {
            yield return message;
        }
    }

    private NativeBackendException? Try()
    {
        try
        {
            start(_messages.Enqueue);
            return null;
        }
        catch (NativeBackendException error)
        {
            return error;
        }
        catch (Exception error)
        {
            return Explain(error);
        }
    }

    private static NativeBackendException Explain(Exception error)
    {
        if (NativeFiles.OfApplication().Find("libtorch.so", "torch.dll", "torch_cpu.dll", "libtorch.dylib") is null)
        {
            return new NativeBackendException(NativeFiles.MissingMessage, error);
        }
        // The system's message has lines and blanks of its own.
        string cause = string.Join(' ', error.GetBaseException().Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.', ' ');
        string reference = NativeFiles.PackageName is { } package
            ? $"let the application reference '{package}' in version {NativeFiles.PackageVersion}, the one that TorchSharp was built for; "
            : "";
        return new NativeBackendException(
            $"libtorch could not be loaded: {cause}. Ways out: {reference}delete the application's 'bin' and 'obj' folders and build anew; "
            + "install a newer C runtime and C++ library of the system.",
            error);
    }
}
