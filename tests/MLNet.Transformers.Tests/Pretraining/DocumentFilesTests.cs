using Microsoft.ML;
using MLNet.Transformers.Tests.Checkpoints;

namespace MLNet.Transformers.Tests.Pretraining;

public sealed class DocumentFilesTests : IDisposable
{
    private readonly MLContext _ml = new(1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string[] Read(string path, DocumentFormat format, string pattern = "*", string property = "text") =>
        [.. _ml.Data.CreateEnumerable<PlainTexts.Line>(_ml.Transformers().LoadDocuments(path, format, pattern, property), reuseRowObject: false).Select(row => row.Text!)];

    [Fact]
    public void Each_file_of_a_folder_is_a_document_in_the_order_of_their_paths()
    {
        Directory.CreateDirectory(_folder.File("below"));
        _folder.Write("b.txt", "second\n\nwith a blank line\n");
        _folder.Write("a.txt", "first");
        _folder.Write("notes.md", "no text file");
        File.WriteAllText(_folder.File("below/c.txt"), "third");

        Assert.Equal(["first", "second\n\nwith a blank line", "third"], Read(_folder.Folder, DocumentFormat.File, "*.txt"));
        Assert.Equal(["first"], Read(_folder.File("a.txt"), DocumentFormat.File));
    }

    [Fact]
    public void Blank_lines_part_documents()
    {
        _folder.Write("a.txt", "\n\none\nstill one\n  \ntwo\n\n\nthree");

        Assert.Equal(["one\nstill one", "two", "three"], Read(_folder.File("a.txt"), DocumentFormat.BlankLine));
    }

    [Theory]
    [InlineData(DocumentFormat.File)]
    [InlineData(DocumentFormat.BlankLine)]
    public void A_document_that_is_too_long_for_a_row_goes_on_in_others(DocumentFormat format)
    {
        string[] lines = [.. Enumerable.Range(0, 40_000).Select(number => $"line {number} of many")];
        _folder.Write("a.txt", string.Join('\n', lines));
        _folder.Write("b.txt", "another");

        PlainTexts.Stretch[] rows = [.. _ml.Data.CreateEnumerable<PlainTexts.Stretch>(_ml.Transformers().LoadDocuments(_folder.Folder, format), reuseRowObject: false)];

        Assert.Equal(lines, rows.SkipLast(1).SelectMany(row => row.Text.Split('\n')));
        Assert.All(rows, row => Assert.InRange(row.Text.Length, 1, 263_000));
        Assert.Equal([false, .. Enumerable.Repeat(true, rows.Length - 2), false], rows.Select(row => row.ContinuesDocument));
        Assert.True(rows.Length > 3);
    }

    [Fact]
    public void A_line_of_json_is_a_document()
    {
        _folder.Write("a.jsonl", "{\"text\": \"one\\ntwo\", \"id\": 1}\n\n{\"text\": \"three\"}\n");

        Assert.Equal(["one\ntwo", "three"], Read(_folder.File("a.jsonl"), DocumentFormat.JsonLine));
    }

    [Theory]
    [InlineData("{\"text\": \"one\"}\n{\"content\": \"two\"}", "line 2")]
    [InlineData("{\"text\": 3}", "line 1")]
    [InlineData("no json", "line 1")]
    public void A_line_that_is_no_document_is_named(string lines, string expected)
    {
        _folder.Write("a.jsonl", lines);

        string message = Assert.Throws<InvalidDataException>(() => Read(_folder.File("a.jsonl"), DocumentFormat.JsonLine)).Message;
        Assert.Contains("a.jsonl", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.Contains("'text'", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0x61, 0x0A, 0xC3, 0x28 })]
    [InlineData(new byte[] { 0x61, 0x00, 0x62 })]
    public void A_file_that_is_no_text_is_named(byte[] bytes)
    {
        File.WriteAllBytes(_folder.File("a.bin"), bytes);

        foreach (DocumentFormat format in Enum.GetValues<DocumentFormat>())
        {
            Assert.Contains("a.bin", Assert.Throws<InvalidDataException>(() => Read(_folder.File("a.bin"), format)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_is_not_there_is_named()
    {
        Assert.Contains("nowhere", Assert.Throws<FileNotFoundException>(() => Read(_folder.File("nowhere"), DocumentFormat.File)).Message, StringComparison.Ordinal);
        string message = Assert.Throws<InvalidDataException>(() => Read(_folder.Folder, DocumentFormat.File, "*.txt")).Message;
        Assert.Contains(_folder.Folder, message, StringComparison.Ordinal);
        Assert.Contains("'*.txt'", message, StringComparison.Ordinal);
    }
}
