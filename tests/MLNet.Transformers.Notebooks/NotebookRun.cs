using Microsoft.DotNet.Interactive.Documents;
using Microsoft.DotNet.Interactive.Documents.Jupyter;

namespace MLNet.Transformers.Notebooks;

/// <summary>One notebook run in a process of its own, as users run it: by this program's command "run".</summary>
internal static class NotebookRun
{
    private const string Library = "MLNet.Transformers";

    /// <summary>The command: runs the notebook in its folder, and writes it with its outputs to another file.</summary>
    public static async Task<int> MainAsync(string notebook, string executed, string version)
    {
        try
        {
            InteractiveDocument document = await NotebookKernel.ReadAsync(notebook);
            await NotebookKernel.RunAsync(document, new NotebookPackages(version));
            CheckLibrary(version);
            document.Metadata.Clear();
            await File.WriteAllTextAsync(executed, Notebook.ToJupyterJson(document, "C#") + "\n");
            return 0;
        }
        catch (Exception error) when (error is CellFailedException or InvalidDataException)
        {
            await Console.Error.WriteLineAsync($"{Path.GetFileName(notebook)}, {error.Message}");
            return 1;
        }
    }

    // A notebook that ran against another package has shown nothing.
    private static void CheckLibrary(string version)
    {
        string? location = AppDomain.CurrentDomain.GetAssemblies().FirstOrDefault(assembly => assembly.GetName().Name == Library)?.Location;
        if (location?.Contains(version, StringComparison.Ordinal) != true)
        {
            throw new InvalidDataException($"end: expected {Library} of the package {version}, found {location ?? "that it was not loaded"}.");
        }
    }
}
