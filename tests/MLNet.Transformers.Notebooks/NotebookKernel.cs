using System.Diagnostics;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.CSharp;
using Microsoft.DotNet.Interactive.Documents;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.PackageManagement;

namespace MLNet.Transformers.Notebooks;

/// <summary>Runs the cells of a notebook in this process, in the kernel that Polyglot Notebooks uses.</summary>
internal static class NotebookKernel
{
    private static readonly KernelInfoCollection _languages = new() { new Microsoft.DotNet.Interactive.Documents.KernelInfo("csharp", "C#", ["C#", "c#"]) };

    public static async Task<InteractiveDocument> ReadAsync(string path) => await InteractiveDocument.LoadAsync(new FileInfo(path), _languages);

    /// <summary>Runs each code cell and puts its outputs into the document in place of those that are there.</summary>
    /// <param name="document">The notebook.</param>
    /// <param name="packages">The packages that its cells ask for.</param>
    /// <exception cref="CellFailedException">A cell did not compile, or threw.</exception>
    public static async Task RunAsync(InteractiveDocument document, NotebookPackages packages)
    {
        using var kernel = new CompositeKernel { CSharp() };
        kernel.DefaultKernelName = "csharp";
        int number = 0;
        foreach (InteractiveDocumentElement cell in document.Elements.Where(IsCode))
        {
            cell.ExecutionOrder = ++number;
            cell.Outputs.Clear();
            var watch = Stopwatch.StartNew();
            KernelCommandResult result = await kernel.SendAsync(new SubmitCode(packages.In(cell.Contents)));
            CellOutputs.Collect(result.Events, cell, packages);
            await Console.Error.WriteLineAsync($"cell {number}: {watch.Elapsed.TotalSeconds:F1} s");
            if (result.Events.OfType<CommandFailed>().FirstOrDefault() is { } failure)
            {
                throw new CellFailedException(number, cell.Contents, failure.Message);
            }
        }
    }

    public static bool IsCode(InteractiveDocumentElement cell) => cell.KernelName != "markdown";

    private static CSharpKernel CSharp() => new CSharpKernel()
        .UseNugetDirective((kernel, packages) =>
        {
            kernel.AddAssemblyReferences(packages.SelectMany(package => package.AssemblyPaths));
            return Task.CompletedTask;
        })
        .UseKernelHelpers()
        .UseWho()
        .UseValueSharing();
}
