using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Checkpoints.Safetensors;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Parity;
using MLNet.Transformers.Parity.Checkpoints;
using MLNet.Transformers.Parity.References;
using MLNet.Transformers.Tests.Checkpoints;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests;

public sealed class CheckpointFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Names_a_file_that_is_not_there()
    {
        string path = _folder.File("absent.gguf");

        Assert.Contains(path, Assert.Throws<FileNotFoundException>(() => Checkpoint.FromFile(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_the_config_that_is_not_beside_a_file()
    {
        string path = _folder.Write("weights.safetensors", "");

        Assert.Contains(_folder.File("config.json"), Assert.Throws<CheckpointException>(() => Checkpoint.FromFile(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Opens_a_file_beside_its_config_and_tokenizer()
    {
        Assert.SkipUnless(Shared.Exists, Shared.Missing);
        string folder = Shared.Path("weights", "all-MiniLM-L6-v2");
        foreach (string name in new[] { "config.json", "tokenizer.json", "tokenizer_config.json" })
        {
            File.Copy(Path.Combine(folder, name), _folder.File(name));
        }
        NativeBackend.EnsureLoaded();
        SafetensorsWriter.Write(_folder.File("other.safetensors"), [("a", ones(1))]);
        Checkpoint checkpoint = Checkpoint.FromFile(_folder.File("other.safetensors"));

        using ITensorSource source = checkpoint.OpenWeights()!;

        Assert.Equal(["a"], source.Names);
        Assert.Equal(384, checkpoint.Config.HiddenSize);
        Assert.Throws<CheckpointException>(() => CheckpointFolder.OpenFile(_folder.File("config.json")));
    }

    [Fact]
    public void Says_that_a_GGUF_of_another_architecture_is_not_read()
    {
        string path = _folder.Write("a.gguf", new GgufBytes().With("general.architecture", "falcon").With("tokenizer.ggml.model", "gpt2")
            .With("tokenizer.ggml.tokens", new[] { "a" }).With("tokenizer.ggml.merges", Array.Empty<string>()).ToArray());

        foreach (Func<Checkpoint> open in new[] { () => Checkpoint.FromFile(path), () => Checkpoint.FromFolder(_folder.Folder) })
        {
            string message = Assert.Throws<CheckpointException>(open).Message;
            Assert.Contains($"'{path}'", message, StringComparison.Ordinal);
            Assert.Contains("'falcon'", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_place_where_nothing_can_be_written_is_refused_with_its_path()
    {
        var ml = new Microsoft.ML.MLContext(1);
        using SequenceClassificationTransformer model = SequenceClassification.Reviews.Train(ml, SequenceClassification.Reviews.Options(1));
        string file = _folder.Write("file", "");
        string absent = Path.Combine(_folder.File("absent"), "model.zip");

        Assert.Contains($"'{file}'", Assert.ThrowsAny<IOException>(() => model.SaveCheckpoint(file)).Message, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(file, "sub"), Assert.ThrowsAny<IOException>(() => model.SaveCheckpoint(Path.Combine(file, "sub"))).Message, StringComparison.Ordinal);
        Assert.Contains($"'{absent}'", Assert.Throws<DirectoryNotFoundException>(() => ml.Transformers().SaveModel(model, null, absent)).Message, StringComparison.Ordinal);
        Assert.Equal(["file"], _folder.Names);
    }

    [Theory]
    [InlineData("SmolLM2-135M-Instruct")]
    [InlineData("llama-llama2xs")]
    public void Published_weights_are_read_as_the_reference_reads_them(string name)
    {
        Assert.SkipUnless(Shared.Exists, Shared.Missing);
        var report = new Report(name);
        string folder = Shared.Path("weights", name);
        using System.Text.Json.JsonDocument expected = System.Text.Json.JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "reference.json")));

        StoredWeightsParity.Check(folder, expected.RootElement, report);

        Assert.NotEmpty(report.Rows);
        Assert.Empty(report.Rows.Where(row => row.Status != Status.Pass).Select(row => row.ToString()));
    }
}
