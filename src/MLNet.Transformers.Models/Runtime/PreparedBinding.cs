using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace MLNet.Transformers.Models.Runtime;

/// <summary>The copy of TorchSharp's binding that does without the newest C++ library, kept in a cache of the user's.</summary>
[SupportedOSPlatform("linux")]
internal static class PreparedBinding
{
    /// <summary>Its path; made where it is not there yet or is not what it should be.</summary>
    /// <param name="original">The binding as its package holds it.</param>
    public static string Get(string original) => Get(original, Folders());

    /// <param name="original">The binding as its package holds it.</param>
    /// <param name="folders">Cache folders, the first that can be written to is used.</param>
    internal static string Get(string original, IEnumerable<string> folders)
    {
        byte[] image = File.ReadAllBytes(original);
        ElfImage.MakeVersionOptional(image, original);
        // The name holds the content's hash: another version of the package never meets this one's copy.
        string name = $"libLibTorchSharp-{Convert.ToHexStringLower(SHA256.HashData(image).AsSpan(0, 8))}.so";
        var failures = new List<string>();
        foreach (string folder in folders)
        {
            try
            {
                return Store(image, folder, name);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                failures.Add($"{folder}: {error.Message}");
            }
        }
        throw new NativeBackendException(
            $"TorchSharp asks for {ElfImage.NewestLibraryVersion}, which this system's C++ library lacks, and the copy that does without could not be written. "
            + $"Ways out: set XDG_CACHE_HOME or TMPDIR to a folder that can be written to; install a C++ library of GCC 13 or newer. Tried: {string.Join("; ", failures)}");
    }

    private static string Store(byte[] image, string folder, string name)
    {
        string path = Path.Combine(folder, name);
        if (Holds(path, image))
        {
            return path;
        }
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        // Several processes may start at once: each writes its own file and renames it, which replaces the old one in one step.
        string temporary = Path.Combine(folder, $"{name}.{Guid.NewGuid():N}.tmp");
        try
        {
            File.WriteAllBytes(temporary, image);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
        return Holds(path, image) ? path : throw new IOException("what was written could not be read back");
    }

    // The whole content is compared: a library that another user or a crash has changed is never loaded.
    private static bool Holds(string path, byte[] image) => File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(image);

    private static IEnumerable<string> Folders()
    {
        const string Name = "mlnet-transformers";
        string? cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (!string.IsNullOrEmpty(cache))
        {
            yield return Path.Combine(cache, Name);
        }
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (home.Length > 0)
        {
            yield return Path.Combine(home, ".cache", Name);
        }
        yield return Path.Combine(Path.GetTempPath(), $"{Name}-{Environment.UserName}");
    }
}
