using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace MLNet.Transformers.Models.Runtime;

/// <summary>The copy of TorchSharp's binding that does without the newest C++ library: made once and kept in a cache of the user's, or in memory.</summary>
[SupportedOSPlatform("linux")]
internal static class PreparedBinding
{
    /// <summary>Makes the copy, or takes the one that is there and is what it should be, and loads it.</summary>
    /// <param name="original">The binding as its package holds it.</param>
    /// <param name="folders">Cache folders; the first is used that is the user's own, can be written to and may hold code.</param>
    /// <param name="load">Loads a library of that path.</param>
    /// <returns>The path that was loaded.</returns>
    /// <exception cref="NativeBackendException">The binding is damaged, or no copy of it could be loaded.</exception>
    public static string Load(string original, IEnumerable<string> folders, Action<string> load)
    {
        byte[] image = File.ReadAllBytes(original);
        ElfImage.MakeVersionOptional(image, original);
        // The name holds the content's hash: another version of the package never meets this one's copy.
        string name = $"libLibTorchSharp-{Convert.ToHexStringLower(SHA256.HashData(image).AsSpan(0, 8))}.so";
        var failures = new List<string>();
        foreach (string folder in folders)
        {
            if (Try(() => PrivateCache.Store(image, folder, name), load, folder, failures) is { } path)
            {
                return path;
            }
        }
        using var memory = new MemoryFile(name);
        return Try(() => memory.Write(image), load, "memory", failures) ?? throw new NativeBackendException(
            $"TorchSharp asks for {ElfImage.NewestLibraryVersion}, which this system's C++ library lacks, and the copy that does without could not be loaded. "
            + "Ways out: set XDG_CACHE_HOME to a folder of yours that can be written to and may hold code; install a C++ library of GCC 13 or newer; "
            + $"use a system that has one. Tried: {string.Join("; ", failures)}");
    }

    private static string? Try(Func<string> store, Action<string> load, string where, List<string> failures)
    {
        try
        {
            string path = store();
            load(path);
            return path;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or DllNotFoundException or BadImageFormatException or EntryPointNotFoundException)
        {
            failures.Add($"{where}: {error.Message}");
            return null;
        }
    }
}
