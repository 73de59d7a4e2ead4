using System.IO.Compression;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Tests.Checkpoints;

namespace MLNet.Transformers.Tests.Interop;

public sealed class ModelFileTests
{
    private const int Payload = 100_000;

    private readonly MLContext _context = new(seed: 1);
    private readonly IDataView _data;

    public ModelFileTests() => _data = TextRows.View(_context, 30);

    [Fact]
    public void A_model_is_the_same_after_saving_and_loading()
    {
        FakeClassifier model = Model();
        FakeClassifier loaded = Chains.SaveAndLoad(model, _data.Schema);
        Assert.Equal(model.WindowRows, loaded.WindowRows);
        Assert.Equal(model.Keys.Names, loaded.Keys.Names);
        Assert.Equal(TextRows.Column<float[]>(model.Transform(_data), "Score"), TextRows.Column<float[]>(loaded.Transform(_data), "Score"));
    }

    [Fact]
    public void A_chain_keeps_the_entries_of_its_parts_apart()
    {
        var chain = new TransformerChain<ITransformer>(Model("1"), _context.Transforms.CopyColumns("Copy", "Number").Fit(_data), Model("Two"));
        byte[] file = Save(chain);
        using var zip = new ZipArchive(new MemoryStream(file));
        string[] folders = [.. zip.Entries.Where(entry => entry.Name == "Weights.bin").Select(entry => Path.GetDirectoryName(entry.FullName)!)];
        Assert.Equal(2, folders.Distinct().Count());

        ITransformer loaded = Load(file);
        IDataView expected = chain.Transform(_data), actual = loaded.Transform(_data);
        Assert.Equal(expected.Schema.Select(column => (column.Name, column.Type)), actual.Schema.Select(column => (column.Name, column.Type)));
        foreach (string score in new[] { "Score1", "ScoreTwo" })
        {
            Assert.Equal(TextRows.Column<float[]>(expected, score), TextRows.Column<float[]>(actual, score));
        }
    }

    [Fact]
    public void A_chain_with_the_mapping_to_names_works_after_loading()
    {
        ITransformer loaded = Chains.SaveAndLoad<ITransformer>(Chains.WithNames(_context, Model(), _data), _data.Schema);
        Assert.Equal(
            TextRows.Make(30).Select(row => TextRows.Classes[FakeClassifier.ClassOf(row.Text, 3) - 1]), TextRows.Column<string>(loaded.Transform(_data), "PredictedLabel"));
    }

    [Fact]
    public void A_loaded_model_can_be_saved_again()
    {
        byte[] first = Save(Model());
        Assert.Equal(Entries(first), Entries(Save(Load(first))));
    }

    [Fact]
    public void Streams_are_stored_without_compression_and_the_rest_is_whole()
    {
        using var zip = new ZipArchive(new MemoryStream(Save(Model())));
        ZipArchiveEntry entry = Assert.Single(zip.Entries, entry => entry.Name == "Weights.bin");
        Assert.Equal(Payload, entry.Length);
        Assert.Equal(Payload, entry.CompressedLength);
        Assert.Equal("Model.key", Assert.Single(zip.Entries, entry => entry.Name == "Model.key").Name);
    }

    [Fact]
    public void Streams_that_ML_NETs_own_writer_compressed_are_read_as_well()
    {
        byte[] file = Save(new FakeClassifier(_context, KeyValues.FromText(TextRows.Classes), payload: Payload) { Compressed = true });
        using var zip = new ZipArchive(new MemoryStream(file));
        Assert.True(Assert.Single(zip.Entries, entry => entry.Name == "Weights.bin").CompressedLength < Payload / 2);
        Assert.IsType<FakeClassifier>(Load(file));
    }

    [Fact]
    public void ML_NETs_own_reader_reads_what_is_stored()
    {
        byte[] file = Save(new TransformerChain<ITransformer>(Model()));
        using var zip = new ZipArchive(new MemoryStream(file));
        string folder = Path.GetDirectoryName(Assert.Single(zip.Entries, entry => entry.Name == "Weights.bin").FullName)!;
        Type type = typeof(ITransformer).Assembly.GetType("Microsoft.ML.RepositoryReader")!;
        using var reader = (IDisposable)type.GetMethod("Open")!.Invoke(null, [new MemoryStream(file), null, true])!;
        object entry = type.GetMethod("OpenEntryOrNull", [typeof(string), typeof(string)])!.Invoke(reader, [folder, "Weights.bin"])!;
        using var stream = (Stream)entry.GetType().GetProperty("Stream")!.GetValue(entry)!;
        using var content = new MemoryStream();
        stream.CopyTo(content);
        Assert.Equal(Payload, content.Length);
        Assert.Equal(31, content.ToArray()[1]);
    }

    [Fact]
    public void A_model_saves_to_a_file_and_loads_from_it()
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.zip");
        try
        {
            _context.Model.Save(Model(), _data.Schema, path);
            Assert.IsType<FakeClassifier>(new MLContext().Model.Load(path, out DataViewSchema schema));
            Assert.Equal(_data.Schema.Select(column => column.Name), schema.Select(column => column.Name));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("MLNet.Transformers.Tests.Interop.FakeClassifier", "MLNet.Transformers.Tests.Interop.FakeClassifiex", "which is not there")]
    [InlineData("MLNet.Transformers.Tests.Interop.FakeClassifier", "MLNet.Transformers.Tests.Interop.NotTransformer", "is no transformer")]
    public void Another_type_in_the_file_is_refused_by_name(string type, string other, string reason)
    {
        byte[] file = Repack(Save(new FakeClassifier(_context, KeyValues.FromText(TextRows.Classes))), (name, content) => Replace(name, content, type, other));
        string message = ErrorText.Of(Assert.ThrowsAny<Exception>(() => Load(file)));
        Assert.Contains($"'{other}'", message);
        Assert.Contains("'MLNet.Transformers.Tests'", message);
        Assert.Contains(reason, message);
    }

    [Fact]
    public void A_newer_format_is_refused_with_advice()
    {
        byte[] file = Repack(Save(Model()), (name, content) => WithVersion(name, content, 0x00020001));
        AssertNewer(ErrorText.Of(Assert.ThrowsAny<Exception>(() => Load(file))));

        using var folder = new TemporaryFolder();
        string path = folder.Write("model.zip", file);
        string outermost = Assert.Throws<InvalidDataException>(() => _context.Transformers().LoadModel(path, out _)).Message;
        AssertNewer(outermost);
        Assert.Contains($"'{path}' cannot be loaded", outermost);
    }

    private static void AssertNewer(string message)
    {
        Assert.Contains("newer version of MLNet.Transformers", message);
        Assert.Contains("its format is 0x00020001, this version reads up to 0x00010001", message);
        Assert.Contains("Update the package", message);
    }

    [Fact]
    public void A_missing_entry_is_named()
    {
        byte[] file = Repack(Save(Model()), (name, content) => name.EndsWith("Weights.bin", StringComparison.Ordinal) ? null : content);
        Assert.Contains("Weights.bin'", ErrorText.Of(Assert.ThrowsAny<Exception>(() => Load(file))));
    }

    [Fact]
    public void An_entry_that_is_whole_and_wrong_is_reported_by_its_reader()
    {
        byte[] file = Repack(Save(Model()), (name, content) =>
        {
            if (name.EndsWith("Weights.bin", StringComparison.Ordinal))
            {
                content[17]++;
            }
            return content;
        });
        string message = ErrorText.Of(Assert.ThrowsAny<Exception>(() => Load(file)));
        Assert.Contains("The weight 17 differs.", message);
        Assert.DoesNotContain("checksum", message);
    }

    private FakeClassifier Model(string suffix = "") => new(_context, KeyValues.FromText(TextRows.Classes), 5, suffix, payload: Payload);

    private byte[] Save(ITransformer model)
    {
        using var file = new MemoryStream();
        _context.Model.Save(model, _data.Schema, file);
        return file.ToArray();
    }

    private static ITransformer Load(byte[] file) => new MLContext().Model.Load(new MemoryStream(file), out _);

    private static IEnumerable<string> Entries(byte[] file)
    {
        using var zip = new ZipArchive(new MemoryStream(file));
        return [.. zip.Entries.Select(entry => $"{entry.FullName} {entry.Length} {entry.Crc32}")];
    }

    private static byte[] Repack(byte[] file, Func<string, byte[], byte[]?> edit)
    {
        using var target = new MemoryStream();
        using (var zip = new ZipArchive(new MemoryStream(file)))
        using (var copy = new ZipArchive(target, ZipArchiveMode.Create))
        {
            foreach (ZipArchiveEntry entry in zip.Entries)
            {
                using var content = new MemoryStream();
                using (Stream stream = entry.Open())
                {
                    stream.CopyTo(content);
                }
                if (edit(entry.FullName, content.ToArray()) is { } edited)
                {
                    using Stream stream = copy.CreateEntry(entry.FullName).Open();
                    stream.Write(edited);
                }
            }
        }
        return target.ToArray();
    }

    // ML.NET writes strings as UTF-16; both names have the same length.
    private static byte[] Replace(string name, byte[] content, string what, string with)
    {
        if (name.EndsWith("Model.key", StringComparison.Ordinal))
        {
            foreach (Encoding encoding in new[] { Encoding.Unicode, Encoding.UTF8 })
            {
                int at = content.AsSpan().IndexOf(encoding.GetBytes(what));
                if (at >= 0)
                {
                    Assert.Equal(what.Length, with.Length);
                    encoding.GetBytes(with).CopyTo(content, at);
                }
            }
        }
        return content;
    }

    // Behind the signature of the model stand the version written and the lowest version of a reader.
    private static byte[] WithVersion(string name, byte[] content, uint version)
    {
        int at = content.AsSpan().IndexOf("MLNTRFMR"u8);
        if (name.EndsWith("Model.key", StringComparison.Ordinal) && at >= 0)
        {
            BitConverter.TryWriteBytes(content.AsSpan(at + 8), version);
            BitConverter.TryWriteBytes(content.AsSpan(at + 12), version);
        }
        return content;
    }
}

/// <summary>A type that a damaged file may name.</summary>
internal sealed class NotTransformer;
