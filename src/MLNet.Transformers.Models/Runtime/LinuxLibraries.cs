using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace MLNet.Transformers.Models.Runtime;

/// <summary>
/// Loads libtorch and TorchSharp's binding on Linux. Where the system's C++ library is older than the one that TorchSharp was built with,
/// TorchSharp alone does not start and says that libtorch is not referenced; here a prepared copy of its binding is loaded instead. TorchSharp's
/// own search finds what is loaded already by its name.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class LinuxLibraries
{
    private const string Binding = "libLibTorchSharp.so";
    private const string Torch = "libtorch.so";

    /// <param name="files">Where the libraries lie.</param>
    /// <param name="cacheFolders">Where a prepared copy may be kept.</param>
    /// <param name="say">Takes what the user's log should know.</param>
    /// <exception cref="NativeBackendException">A library is missing, damaged or does not load.</exception>
    public static void Load(NativeFiles files, IEnumerable<string> cacheFolders, Action<string> say)
    {
        string binding = files.Find(Binding) ?? throw new NativeBackendException(
            $"TorchSharp's binding '{Binding}' is not in the application's folder. Reference the package TorchSharp, or publish for the platform '{NativeFiles.Platform}'.");
        ElfImage.CheckComplete(binding);
        LoadTorch(files.Find(Torch));
        if (!TryLoad(binding))
        {
            PreparedBinding.Load(binding, cacheFolders, path => NativeLibrary.Load(path));
            say($"TorchSharp's binding asks for {ElfImage.NewestLibraryVersion}, which this system's C++ library lacks; a copy that does without is used.");
        }
    }

    private static void LoadTorch(string? path)
    {
        if (path is not null)
        {
            CheckParts(Path.GetDirectoryName(path)!);
            NativeLibrary.Load(path);
        }
        else if (!NativeLibrary.TryLoad(Torch, out _))
        {
            // What the process or LD_LIBRARY_PATH brings is good too.
            throw new NativeBackendException(NativeFiles.MissingMessage);
        }
    }

    // The loader maps a library by what its header says: one that is cut off ends the process when its missing pages are touched.
    private static void CheckParts(string folder)
    {
        foreach (string pattern in (string[])["libtorch*.so", "libc10*.so", "libgomp*"])
        {
            foreach (string path in Directory.EnumerateFiles(folder, pattern))
            {
                ElfImage.CheckComplete(path);
            }
        }
    }

    // Only the version of the C++ library can be mended.
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
}
