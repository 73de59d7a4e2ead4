using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using TorchSharp;

namespace MLNet.Transformers.Models.Runtime;

/// <summary>
/// Loads libtorch once, before its first use. On Linux systems whose C++ library is older than the one that TorchSharp was built with, TorchSharp
/// alone does not start, and says that libtorch is not referenced; here a prepared copy of its binding is loaded instead.
/// </summary>
internal static class NativeBackend
{
    private static readonly Lazy<Exception?> _start = new(TryStart, LazyThreadSafetyMode.ExecutionAndPublication);
    private static readonly ConcurrentQueue<string> _messages = new();

    /// <summary>Loads libtorch, or throws what the first attempt threw.</summary>
    /// <exception cref="NativeBackendException">It could not be loaded.</exception>
    public static void EnsureLoaded()
    {
        if (_start.Value is { } failure)
        {
            throw new NativeBackendException(failure.Message, failure);
        }
    }

    /// <summary>What there is to tell the user's log; each message is given once.</summary>
    public static IEnumerable<string> TakeMessages()
    {
        while (_messages.TryDequeue(out string? message))
        {
            yield return message;
        }
    }

    private static Exception? TryStart()
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                LoadOnLinux();
            }
            torch.InitializeDeviceType(DeviceType.CPU);
            if (Allocator.Tune() is { } message)
            {
                _messages.Enqueue(message);
            }
            return null;
        }
        catch (Exception error)
        {
            return error as NativeBackendException ?? Explain(error);
        }
    }

    [SupportedOSPlatform("linux")]
    private static void LoadOnLinux()
    {
        string binding = NativeFiles.Find("libLibTorchSharp.so")
            ?? throw new NativeBackendException("TorchSharp's binding 'libLibTorchSharp.so' is not in the application's folder. Reference the package TorchSharp, or publish for this platform.");
        string torch = NativeFiles.Find("libtorch.so") ?? throw Missing();
        foreach (string path in (string[])[torch, binding])
        {
            ElfImage.CheckComplete(path);
        }
        NativeLibrary.Load(torch);
        if (TryLoad(binding))
        {
            return;
        }
        // Only the version of the C++ library can be mended; every other failure is told by the second attempt.
        NativeLibrary.Load(PreparedBinding.Get(binding));
        _messages.Enqueue(
            $"TorchSharp's binding asks for {ElfImage.NewestLibraryVersion}, which this system's C++ library lacks; a copy that does without is used.");
    }

    private static bool TryLoad(string path)
    {
        try
        {
            NativeLibrary.Load(path);
            return true;
        }
        catch (DllNotFoundException error) when (error.Message.Contains(ElfImage.NewestLibraryVersion, StringComparison.Ordinal))
        {
            return false;
        }
    }

    private static NativeBackendException Missing() => new(
        $"libtorch is not in the application's folder. Add the package '{NativeFiles.PackageName}' (version {NativeFiles.PackageVersion}) to the application's "
        + $"project, for example with 'dotnet add package {NativeFiles.PackageName} --version {NativeFiles.PackageVersion}'. Libraries need no such reference, only the application.");

    private static NativeBackendException Explain(Exception error)
    {
        bool anyTorch = NativeFiles.Find("libtorch.so", "torch.dll", "libtorch.dylib") is not null;
        return anyTorch
            ? new NativeBackendException(
                $"libtorch could not be loaded: {error.Message} Ways out: let the application reference '{NativeFiles.PackageName}' in version {NativeFiles.PackageVersion}, "
                + $"the one that TorchSharp was built for; build for the platform {RuntimeInformation.RuntimeIdentifier}; or install a newer C++ runtime library of the system.",
                error)
            : new NativeBackendException(Missing().Message, error);
    }
}
