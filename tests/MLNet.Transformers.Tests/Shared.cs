namespace MLNet.Transformers.Tests;

/// <summary>The folder of data sets and trained weights that lies beside the repository; tests that need it skip visibly without it.</summary>
internal static class Shared
{
    public const string Missing = "The folder ../shared with data sets and trained weights is not beside the repository.";

    public static string RepositoryRoot { get; } = FindRepositoryRoot();

    public static string Folder { get; } = System.IO.Path.GetFullPath(System.IO.Path.Combine(RepositoryRoot, "..", "shared"));

    public static bool Exists => Directory.Exists(System.IO.Path.Combine(Folder, "weights"));

    public static string Path(params string[] parts) => System.IO.Path.Combine([Folder, .. parts]);

    /// <summary>The folder of golden fixtures, which are part of the repository.</summary>
    public static string Golden(params string[] parts) =>
        System.IO.Path.Combine([RepositoryRoot, "tests", "MLNet.Transformers.Tests", "goldens", .. parts]);

    private static string FindRepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "MLNet.Transformers.sln")))
        {
            folder = folder.Parent;
        }
        return folder?.FullName ?? throw new DirectoryNotFoundException($"No MLNet.Transformers.sln above '{AppContext.BaseDirectory}'.");
    }
}
