using System.Runtime.InteropServices;
using TorchSharp;

namespace MLNet.Transformers.Models.Runtime;

/// <summary>Finds native libraries: beside the application, in its folder for the platform, where the host says that packages are, beside TorchSharp.</summary>
/// <param name="folders">Folders in the order in which they are searched; those that do not exist are passed over.</param>
internal sealed class NativeFiles(IReadOnlyList<string> folders)
{
    /// <summary>The version of libtorch that TorchSharp is built for.</summary>
    public const string PackageVersion = "2.10.0";

    private static readonly string[] _packagedPlatforms = ["linux-x64", "linux-arm64", "win-x64", "osx-arm64"];

    /// <summary>The package that holds libtorch for this platform, or null where there is none.</summary>
    public static string? PackageName { get; } = PackageFor(Platform);

    /// <summary>Operating system and processor as packages spell them.</summary>
    public static string Platform
    {
        get
        {
            string system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
            return $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        }
    }

    /// <summary>What to add to the application where libtorch is missing.</summary>
    public static string MissingMessage { get; } = MessageFor(Platform);

    /// <summary>The folders in which this process's native libraries may lie.</summary>
    public static NativeFiles OfApplication() => new([.. ApplicationFolders().Distinct()]);

    internal static string? PackageFor(string platform) => _packagedPlatforms.Contains(platform) ? $"libtorch-cpu-{platform}" : null;

    internal static string MessageFor(string platform) => PackageFor(platform) is { } package
        ? $"libtorch is not in the application's folder. Add the package '{package}' (version {PackageVersion}) to the application's project, for example with "
            + $"'dotnet add package {package} --version {PackageVersion}'. Libraries need no such reference, only the application."
        : $"libtorch is not in the application's folder, and no package holds it for the platform '{platform}'. "
            + $"There are packages for {string.Join(", ", _packagedPlatforms)}: run the application as a process of one of those.";

    /// <summary>The path of the first of the files that is found, or null.</summary>
    public string? Find(params string[] names) =>
        folders.SelectMany(folder => names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);

    private static IEnumerable<string> ApplicationFolders()
    {
        string native = Path.Combine("runtimes", Platform, "native");
        yield return AppContext.BaseDirectory;
        yield return Path.Combine(AppContext.BaseDirectory, native);
        string? host = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string;
        foreach (string folder in host?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries) ?? [])
        {
            yield return folder;
        }
        if (Path.GetDirectoryName(typeof(torch).Assembly.Location) is not { Length: > 0 } managed)
        {
            yield break;
        }
        yield return managed;
        yield return Path.Combine(managed, native);
        // A notebook loads packages from where they were unpacked, (root)/torchsharp/(version)/lib/(framework), and the host knows nothing of it.
        yield return Path.GetFullPath(Path.Combine(managed, "..", "..", native));
        if (PackageName is { } package)
        {
            yield return Path.GetFullPath(Path.Combine(managed, "..", "..", "..", "..", package, PackageVersion, native));
        }
    }
}
