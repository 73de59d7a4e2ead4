using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace MLNet.Transformers.Notebooks;

/// <summary>Has cells that name packages take those that the tests mean: the library just built, and libtorch for this platform.</summary>
/// <param name="version">Version of the packages just built.</param>
internal sealed partial class NotebookPackages(string version)
{
    private const string Library = "MLNet.Transformers";

    private static string Torch { get; } =
        $"libtorch-cpu-{(OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux")}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";

    public string Version { get; } = version;

    /// <summary>A cell's code as it is run.</summary>
    public string In(string code) => TorchPackage().Replace(LibraryPackage().Replace(code, $"nuget: {Library}, {Version}\""), $"nuget: {Torch}");

    /// <summary>What a cell shows, as a user would see it, who takes the version that is published.</summary>
    public string Out(string shown) => shown.Replace($"{Library}, {Version}", Library, StringComparison.Ordinal);

    [GeneratedRegex("""nuget:\s*MLNet\.Transformers\s*(,[^"]*)?" """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex LibraryPackage();

    [GeneratedRegex(@"nuget:\s*libtorch-cpu-linux-x64")]
    private static partial Regex TorchPackage();
}
