using System.Diagnostics;
using System.Reflection;

namespace MLNet.Transformers.Notebooks;

/// <summary>
/// A copy of the folder of notebooks in a temporary folder, with the packages just built where its NuGet.config looks for them: what notebooks
/// write does not land in the repository.
/// </summary>
internal sealed class Workspace : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("notebooks-").FullName;

    public Workspace()
    {
        string packages = Directory.CreateDirectory(Path.Combine(_root, "artifacts", "packages")).FullName;
        CopyFiles(Path.Combine(AppContext.BaseDirectory, "packages"), packages);
        CopyFiles(Source, Folder);
        const string first = "MLNet.Transformers.Models.";
        Version = Path.GetFileNameWithoutExtension(Directory.GetFiles(packages, first + "*.nupkg").Single())[first.Length..];
    }

    /// <summary>The notebooks of the repository.</summary>
    public static string Source { get; } = BuiltWith("NotebookFolder");

    /// <summary>The copy.</summary>
    public string Folder => Path.Combine(_root, "notebooks");

    /// <summary>Version of the packages just built: it holds a hash of them.</summary>
    public string Version { get; }

    public static IEnumerable<string> NotebookNames() => Directory.EnumerateFiles(Source, "*.ipynb").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    /// <summary>Runs a notebook of the copy in a process of its own.</summary>
    /// <returns>Where the notebook with its outputs is, or null and what went wrong.</returns>
    public async Task<(string? Executed, string Log)> RunAsync(string name)
    {
        string executed = Path.Combine(_root, name);
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["run", Path.Combine(Folder, name), executed, Version])
        {
            WorkingDirectory = Folder,
            RedirectStandardError = true,
        })!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        await using CancellationTokenRegistration end = limit.Token.Register(() => process.Kill(entireProcessTree: true));
        string log = await process.StandardError.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        return (process.ExitCode == 0 ? executed : null, limit.IsCancellationRequested ? $"{name} did not end.\n{log}" : log);
    }

    /// <summary>Deletes the copy, and what NuGet unpacked of the packages: no other build asks for their version.</summary>
    public void Dispose()
    {
        Directory.Delete(_root, recursive: true);
        foreach (string package in Directory.EnumerateDirectories(BuiltWith("NuGetPackageRoot"), "mlnet.transformers*"))
        {
            if (Path.Combine(package, Version) is var unpacked && Directory.Exists(unpacked))
            {
                Directory.Delete(unpacked, recursive: true);
            }
        }
    }

    private static string BuiltWith(string key) => typeof(Workspace).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == key).Value!;

    private static void CopyFiles(string from, string to)
    {
        foreach (string path in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, path));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(path, target);
        }
    }
}
