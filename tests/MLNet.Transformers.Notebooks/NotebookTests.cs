using Microsoft.DotNet.Interactive.Documents;
using Microsoft.DotNet.Interactive.Documents.Jupyter;

namespace MLNet.Transformers.Notebooks;

public sealed class NotebookTests(NotebookTests.Copy copy) : IClassFixture<NotebookTests.Copy>
{
    public static TheoryData<string> Notebooks => [.. Workspace.NotebookNames()];

    [Theory]
    [MemberData(nameof(Notebooks))]
    public async Task Every_cell_runs_and_its_outputs_are_committed(string name)
    {
        (string? executed, string log) = await copy.Workspace.RunAsync(name);

        Assert.True(executed is not null, log);
        Assert.Equal(await KindsAsync(executed), await KindsAsync(Path.Combine(Workspace.Source, name)));
    }

    [Theory]
    [InlineData("int.Parse(\"many\")", "The input string 'many' was not in a correct format.")]
    [InlineData("int number = \"one\";", "CS0029")]
    public async Task A_cell_that_fails_is_named_with_its_notebook_and_error(string code, string reason)
    {
        var document = new InteractiveDocument([new("1 + 1", "csharp"), new(code, "csharp"), new("throw new Exception(\"later\");", "csharp")]);
        await File.WriteAllTextAsync(Path.Combine(copy.Workspace.Folder, "Broken.ipynb"), Notebook.ToJupyterJson(document, "C#"), TestContext.Current.CancellationToken);

        (string? executed, string log) = await copy.Workspace.RunAsync("Broken.ipynb");

        Assert.Null(executed);
        string error = Assert.Single(log.Split('\n'), line => line.StartsWith("Broken.ipynb", StringComparison.Ordinal));
        Assert.StartsWith($"Broken.ipynb, cell 2 ({code}): ", error, StringComparison.Ordinal);
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    private static async Task<IEnumerable<string>> KindsAsync(string path)
    {
        InteractiveDocument document = await NotebookKernel.ReadAsync(path);
        return document.Elements.Where(NotebookKernel.IsCode).Select((cell, index) => $"cell {index + 1}: {CellOutputs.Kinds(cell)}");
    }

    public sealed class Copy : IDisposable
    {
        internal Workspace Workspace { get; } = new();

        public void Dispose() => Workspace.Dispose();
    }
}
