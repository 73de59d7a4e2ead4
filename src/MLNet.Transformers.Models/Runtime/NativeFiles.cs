using System.Runtime.InteropServices;

namespace MLNet.Transformers.Models.Runtime;

/// <summary>Where native libraries lie: beside the application, in its folder for the platform, or where the host says that packages are.</summary>
internal static class NativeFiles
{
    /// <summary>The version of libtorch that TorchSharp is built for.</summary>
    public const string PackageVersion = "2.10.0";

    /// <summary>The package that holds libtorch for this platform.</summary>
    public static string PackageName { get; } = $"libtorch-cpu-{Platform}";

    private static string Platform
    {
        get
        {
            string system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
            return $"{system}-{(RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "x64")}";
        }
    }

    /// <summary>The path of the first of the files that is found, or null.</summary>
    public static string? Find(params string[] names) =>
        Folders().SelectMany(folder => names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);

    private static IEnumerable<string> Folders()
    {
        string application = AppContext.BaseDirectory;
        yield return application;
        yield return Path.Combine(application, "runtimes", Platform, "native");
        string? host = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string;
        foreach (string folder in host?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries) ?? [])
        {
            yield return folder;
        }
    }
}
