namespace MLNet.Transformers.Notebooks;

/// <summary>The command "write": runs notebooks and keeps their outputs in the repository's files.</summary>
internal static class CommittedOutputs
{
    /// <param name="names">File names; none: all notebooks.</param>
    public static async Task<int> WriteAsync(IReadOnlyCollection<string> names)
    {
        using var workspace = new Workspace();
        int failures = 0;
        foreach (string name in names.Count > 0 ? names : [.. Workspace.NotebookNames()])
        {
            (string? executed, string log) = await workspace.RunAsync(name);
            Console.Write($"{name}\n{log}");
            if (executed is null)
            {
                failures++;
                continue;
            }
            File.Copy(executed, Path.Combine(Workspace.Source, name), overwrite: true);
        }
        return failures == 0 ? 0 : 1;
    }
}
