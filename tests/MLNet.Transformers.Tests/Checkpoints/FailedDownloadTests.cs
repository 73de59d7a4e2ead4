using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Checkpoints.Safetensors;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Tests.Checkpoints;

/// <summary>What servers and version control leave in a file's place.</summary>
public sealed class FailedDownloadTests : IDisposable
{
    private const string Page = "\n<!DOCTYPE html>\n<html><head><title>Sign in</title></head></html>";
    private const string Denied = "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>";
    private const string Pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 440473133\n";
    private const string Message = """{"error":"Repository not found"}""";

    private readonly TemporaryFolder _folder = new();

    public FailedDownloadTests() => NativeBackend.EnsureLoaded();

    public static TheoryData<string, string, string> InThePlaceOfWeights
    {
        get
        {
            var cases = new TheoryData<string, string, string>();
            foreach (string name in new[] { "model.safetensors", "pytorch_model.bin", "model.gguf", "model.safetensors.index.json" })
            {
                cases.Add(name, Page, "a web page");
                cases.Add(name, Denied, "a web page");
                cases.Add(name, Pointer, "a Git LFS pointer");
                cases.Add(name, Message, "a server's error message ({\"error\":\"Repository not found\"})");
                cases.Add(name, "", "it is empty");
            }
            cases.Add("model.safetensors", "Entry not found", "a text (Entry not found)");
            cases.Add("pytorch_model.bin", "Invalid username or password.", "a text (Invalid username or password.)");
            return cases;
        }
    }

    public static TheoryData<string, string, string> InThePlaceOfJson
    {
        get
        {
            var cases = new TheoryData<string, string, string>();
            foreach (string name in new[] { "config.json", "tokenizer.json", "tokenizer_config.json" })
            {
                cases.Add(name, Page, "a web page");
                cases.Add(name, Pointer, "a Git LFS pointer");
                cases.Add(name, Message, "a server's error message");
                cases.Add(name, "", "it is empty");
            }
            return cases;
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(InThePlaceOfWeights))]
    public void Is_named_in_the_place_of_weights(string name, string content, string expected)
    {
        WriteConfigAndTokenizer();
        string path = _folder.Write(name, content);

        foreach (Func<Checkpoint> open in new[] { () => Checkpoint.FromFile(path), () => Checkpoint.FromFolder(_folder.Folder) })
        {
            string message = Assert.Throws<CheckpointException>(open).Message;
            Assert.Contains($"'{path}'", message, StringComparison.Ordinal);
            Assert.Contains(expected, message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Is_named_in_the_place_of_a_shard()
    {
        WriteConfigAndTokenizer();
        _folder.Write("model.safetensors.index.json", """{"weight_map":{"a":"model-00001-of-00001.safetensors"}}""");
        string path = _folder.Write("model-00001-of-00001.safetensors", Pointer);

        string message = Assert.Throws<CheckpointException>(() => Checkpoint.FromFolder(_folder.Folder)).Message;

        Assert.StartsWith($"'{path}' holds no weights: it is a Git LFS pointer", message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(InThePlaceOfJson))]
    public void Is_named_in_the_place_of_JSON(string name, string content, string expected)
    {
        WriteConfigAndTokenizer();
        string path = _folder.Write(name, content);

        string message = Assert.ThrowsAny<Exception>(() => Checkpoint.FromFolder(_folder.Folder)).Message;

        Assert.Contains($"'{path}'", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    // Without a look at what it is, a pointer would be a vocabulary of three pieces.
    [Theory]
    [InlineData("vocab.txt")]
    [InlineData("spiece.model")]
    [InlineData("tokenizer.model")]
    public void Is_named_in_the_place_of_a_vocabulary(string name)
    {
        string path = _folder.Write(name, Pointer);

        string message = Assert.Throws<TokenizerException>(() => TextEncoder.FromFolder(_folder.Folder)).Message;

        Assert.Contains($"'{path}' is not what its name says: it is a Git LFS pointer", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_byte_order_mark_in_front_of_an_index_is_passed_over()
    {
        SafetensorsWriter.Write(_folder.File("a.safetensors"), [("a", TorchSharp.torch.ones(1))]);
        _folder.Write("model.safetensors.index.json", [0xEF, 0xBB, 0xBF, .. """{"weight_map":{"a":"a.safetensors"}}"""u8]);

        using ITensorSource source = CheckpointFolder.OpenWeights(_folder.Folder);

        Assert.Equal(["a"], source.Names);
    }

    private void WriteConfigAndTokenizer()
    {
        Checkpoint sample = SampleNetworks.Tiny();
        sample.Tokenizer.Save(_folder.Folder);
        _folder.Write("config.json", sample.Config.ToJson("BertModel"));
    }
}
