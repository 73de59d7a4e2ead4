using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Transformers.Interop;

namespace MLNet.Transformers.Tests.Interop;

public sealed class ModelEntriesTests
{
    private readonly MLContext _context = new(seed: 1);

    [Theory]
    [InlineData(null, "Weights.bin", "Weights.bin")]
    [InlineData("a/b", "Weights.bin", "a/b/Weights.bin")]
    [InlineData("a\\b", "Weights.bin", "a/b/Weights.bin")]
    public void An_entry_is_named_with_slashes(string? directory, string name, string expected) =>
        Assert.Equal(expected, ModelEntries.Name(directory, name));

    [Fact]
    public void An_entry_named_with_backslashes_is_found()
    {
        var model = new FakeClassifier(_context, KeyValues.FromText(TextRows.Classes), payload: 1000);
        IDataView data = TextRows.View(_context, 5);
        using var file = new MemoryStream();
        _context.Model.Save(new TransformerChain<ITransformer>(model), data.Schema, file);
        using MemoryStream renamed = WithBackslashes(file);
        ITransformer loaded = new MLContext().Model.Load(renamed, out _);
        Assert.Equal(TextRows.Column<float[]>(model.Transform(data), "Score"), TextRows.Column<float[]>(loaded.Transform(data), "Score"));
    }

    // As ML.NET itself writes on Windows.
    private static MemoryStream WithBackslashes(Stream file)
    {
        var copy = new MemoryStream();
        using (var source = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true))
        using (var target = new ZipArchive(copy, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (ZipArchiveEntry entry in source.Entries)
            {
                using Stream from = entry.Open(), to = target.CreateEntry(entry.FullName.Replace('/', '\\')).Open();
                from.CopyTo(to);
            }
        }
        copy.Position = 0;
        return copy;
    }
}
