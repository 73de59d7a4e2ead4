using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Tests.Checkpoints;

namespace MLNet.Transformers.Tests.Interop;

/// <summary>A model file of which a byte is not what was written does not load, and the error names the entry.</summary>
public sealed class DamagedModelTests : IDisposable
{
    private const int Payload = 100_000;

    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _context = new(seed: 1);
    private readonly DataViewSchema _schema;

    public DamagedModelTests() => _schema = TextRows.View(_context, 3).Schema;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Weights.bin")]
    [InlineData("Keys")]
    public void A_changed_bit_anywhere_is_found(string name)
    {
        byte[] file = Save();
        (string entry, Range place) = Entry(file, name);
        int length = file.AsSpan(place).Length;
        foreach (int at in new[] { 0, 1, length / 3, length / 2, length - 1 })
        {
            AssertNames(entry, file.WithDamage(place, content => content[at] ^= 0x10));
        }
    }

    [Fact]
    public void A_changed_bit_in_compressed_weights_is_found_wherever_it_changes_them()
    {
        byte[] file = Save(compressed: true);
        (string entry, Range place) = Entry(file, "Weights.bin");
        byte[] weights = Content(file, entry)!;
        int found = 0, length = file.AsSpan(place).Length;
        for (int at = 0; at < length; at += 7)
        {
            byte[] damaged = file.WithDamage(place, content => content[at] ^= (byte)(1 << at % 8));
            if (Content(damaged, entry)?.AsSpan().SequenceEqual(weights) != true)
            {
                AssertNames(entry, damaged);
                found++;
            }
        }
        Assert.True(found > length / 7 / 2);
    }

    [Fact]
    public void A_changed_bit_anywhere_in_the_small_values_is_found_wherever_it_changes_them()
    {
        byte[] file = Save();
        (string entry, Range place) = Entry(file, "Model.key");
        byte[] values = Content(file, entry)!;
        int found = 0, length = file.AsSpan(place).Length;
        for (int at = 0; at < length; at++)
        {
            byte[] damaged = file.WithDamage(place, content => content[at] ^= (byte)(1 << at % 8));
            if (Content(damaged, entry)?.AsSpan().SequenceEqual(values) != true)
            {
                AssertTold(damaged, $"its entry '{entry}' does not match its checksum");
                found++;
            }
        }
        Assert.InRange(found, length * 9 / 10, length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7_000)]
    [InlineData(Payload - 4_000)]
    public void Zeros_in_the_weights_are_found(int start)
    {
        byte[] file = Save();
        (string entry, Range place) = Entry(file, "Weights.bin");
        AssertNames(entry, file.WithDamage(place, content => content.Slice(start, 4_000).Clear()));
    }

    [Fact]
    public void A_header_that_is_gone_is_found()
    {
        byte[] file = Save();
        (string entry, Range place) = Entry(file, "Weights.bin");
        int header = place.Start.Value - 30 - entry.Length;
        Assert.Equal((byte)'P', file[header]);
        file[header] = 0;
        AssertNames(entry, file);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(99_999)]
    public void A_file_that_ends_within_an_entry_is_named_with_it(int kept)
    {
        byte[] file = Save();
        (string entry, Range place) = Entry(file, "Weights.bin");
        AssertTold(file[..(place.Start.Value + kept)], $"ends within the entry '{entry}'");
    }

    [Fact]
    public void A_file_that_ends_within_or_before_its_directory_is_named()
    {
        byte[] file = Save();
        (string last, Range place) = ZipLayout.Entries(file).Select(item => (item.Key, item.Value)).Last();
        AssertTold(file[..^1], "its directory");
        AssertTold(file[..^10], "its directory");
        AssertTold(file[..((place.End.Value + file.Length) / 2)], "its directory");
        AssertTold(file[..place.End.Value], $"ends behind the entry '{last}'");
        AssertTold(file[..(place.End.Value + 5)], $"ends behind the entry '{last}'");
    }

    [Fact]
    public void Half_a_file_is_named_with_the_entry_in_which_it_ends()
    {
        byte[] file = Save();
        string entry = ZipLayout.Entries(file).First(item => item.Value.End.Value > file.Length / 2).Key;
        AssertTold(file[..(file.Length / 2)], $"ends within the entry '{entry}'");
    }

    [Theory]
    [InlineData("")]
    [InlineData("no model at all, but long enough for a header of an entry")]
    public void What_is_no_model_file_is_told_so(string content) => AssertTold(System.Text.Encoding.UTF8.GetBytes(content), "does not begin as a zip file does");

    [Fact]
    public void A_whole_file_loads_with_its_schema()
    {
        string path = _folder.Write("model.zip", Save());
        Assert.IsType<FakeClassifier>(_context.Transformers().LoadModel(path, out DataViewSchema? schema));
        Assert.Equal(_schema.Select(column => column.Name), schema!.Select(column => column.Name));
    }

    [Fact]
    public void A_file_without_schema_loads_without()
    {
        string path = _folder.File("model.zip");
        _context.Transformers().SaveModel(Model(), null, path);
        Assert.IsType<FakeClassifier>(_context.Transformers().LoadModel(path, out DataViewSchema? schema));
        Assert.Null(schema);
    }

    [Fact]
    public void Another_zip_is_told_so()
    {
        using var content = new MemoryStream();
        using (var zip = new ZipArchive(content, ZipArchiveMode.Create, leaveOpen: true))
        {
            zip.CreateEntry("notes.txt");
        }
        AssertTold(content.ToArray(), "a zip without a model of ML.NET");
    }

    [Fact]
    public void A_folder_is_told_so() =>
        Assert.Contains("is a folder", Assert.Throws<FileNotFoundException>(() => _context.Transformers().LoadModel(_folder.Folder, out _)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Contains("absent.zip", Assert.Throws<FileNotFoundException>(() => _context.Transformers().LoadModel(_folder.File("absent.zip"), out _)).Message);

    [Fact]
    public void What_a_loader_throws_arrives_and_stands_in_the_log()
    {
        var model = new FakeClassifier(_context, KeyValues.FromText(TextRows.Classes), suffix: FakeClassifier.Unloadable);
        string path = _folder.File("model.zip");
        _context.Transformers().SaveModel(new TransformerChain<ITransformer>(model), _schema, path);
        var lines = new List<string>();
        _context.Log += (_, line) => lines.Add(line.Message);

        var error = Assert.Throws<PlatformNotSupportedException>(() => _context.Transformers().LoadModel(path, out _));

        Assert.Equal("This model needs {braces}.", error.Message);
        Assert.Contains(lines, line => line.Contains(error.Message, StringComparison.Ordinal));
    }

    private void AssertNames(string entry, byte[] file)
    {
        Exception error = Assert.ThrowsAny<Exception>(() => _context.Model.Load(new MemoryStream(file), out _));
        Assert.Contains($"The entry '{entry}' of the model file is damaged", ErrorText.Of(error), StringComparison.Ordinal);
        AssertTold(file, $"its entry '{entry}' does not match its checksum");
    }

    private void AssertTold(byte[] file, string what)
    {
        string path = _folder.Write("damaged.zip", file);
        string message = Assert.Throws<InvalidDataException>(() => _context.Transformers().LoadModel(path, out _)).Message;
        Assert.Contains($"'{path}' is damaged: ", message, StringComparison.Ordinal);
        Assert.Contains(what, message, StringComparison.Ordinal);
    }

    private FakeClassifier Model(bool compressed = false) =>
        new(_context, KeyValues.FromText(TextRows.Classes), payload: Payload) { Compressed = compressed };

    private byte[] Save(bool compressed = false) => Save(Model(compressed));

    private byte[] Save(ITransformer model)
    {
        using var file = new MemoryStream();
        _context.Model.Save(model, _schema, file);
        return file.ToArray();
    }

    private static (string Name, Range Place) Entry(byte[] file, string name)
    {
        (string key, Range value) = Assert.Single(ZipLayout.Entries(file), item => item.Key.EndsWith("/" + name, StringComparison.Ordinal));
        return (key, value);
    }

    // Null: it cannot be decompressed.
    private static byte[]? Content(byte[] file, string entry)
    {
        try
        {
            using var zip = new ZipArchive(new MemoryStream(file));
            using Stream stream = zip.GetEntry(entry)!.Open();
            using var content = new MemoryStream();
            stream.CopyTo(content);
            return content.ToArray();
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
