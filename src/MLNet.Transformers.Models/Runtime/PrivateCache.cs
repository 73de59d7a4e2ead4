using System.Runtime.Versioning;

namespace MLNet.Transformers.Models.Runtime;

/// <summary>Files that only this user can change, kept from one start to the next. They hold code, so nobody else's are taken.</summary>
[SupportedOSPlatform("linux")]
internal static class PrivateCache
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Where the cache may lie, best place first.</summary>
    public static IEnumerable<string> Folders() => Folders(Environment.GetEnvironmentVariable("XDG_CACHE_HOME"));

    internal static IEnumerable<string> Folders(string? cacheHome)
    {
        const string Name = "mlnet-transformers";
        // The XDG base directory specification: a path that is not absolute is to be ignored.
        if (cacheHome is not null && Path.IsPathRooted(cacheHome))
        {
            yield return Path.Combine(cacheHome, Name);
        }
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (home.Length > 0)
        {
            yield return Path.Combine(home, ".cache", Name);
        }
        yield return Path.Combine(Path.GetTempPath(), $"{Name}-{Environment.UserName}");
    }

    /// <summary>Sees to it that a file has a content, and gives its path. One that has it already is left as it is.</summary>
    /// <param name="content">The whole content.</param>
    /// <param name="folder">The cache's folder; made where it is not there.</param>
    /// <param name="name">The file's name.</param>
    /// <exception cref="IOException">The folder cannot be used, among other reasons because another user can change what is in it.</exception>
    public static string Store(byte[] content, string folder, string name)
    {
        Directory.CreateDirectory(folder, OwnerOnly);
        if (!FileOwner.IsMineAlone(folder))
        {
            throw new IOException("other users can change what is in this folder");
        }
        string path = Path.Combine(folder, name);
        if (!Holds(path, content))
        {
            AtomicFile.Write(path, stream => stream.Write(content), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        return Holds(path, content) ? path : throw new IOException("what was written could not be read back");
    }

    // The whole content is compared: what a crash, a full disk or another program has changed is written anew.
    private static bool Holds(string path, byte[] content) =>
        File.Exists(path) && new FileInfo(path).Length == content.Length && FileOwner.IsMineAlone(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(content);
}
