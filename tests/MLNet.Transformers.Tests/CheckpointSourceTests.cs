using System.Text;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Checkpoints.Safetensors;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.Tests.Models;
using MLNet.Transformers.Tests.Tokenization;
using MLNet.Transformers.Tokenization;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests;

/// <summary>What is given as a checkpoint: folders, files, names, adapters, and files that editors put a byte order mark in front of.</summary>
public sealed class CheckpointSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public CheckpointSourceTests() => NativeBackend.EnsureLoaded();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_config_without_a_type_is_read_by_class_name_or_by_choice()
    {
        string file = Write(Networks.Json(("model_type", null), ("architectures", new System.Text.Json.Nodes.JsonArray("BertForSequenceClassification"))));
        Assert.Equal("bert", Checkpoint.FromFolder(_folder.Folder).Config.ModelType);
        Assert.Equal("bert", Checkpoint.FromFile(file).Config.ModelType);

        Write(Networks.Json(("model_type", null)));
        foreach (Func<Checkpoint> open in (Func<Checkpoint>[])[() => Checkpoint.FromFolder(_folder.Folder), () => Checkpoint.FromFile(file)])
        {
            Assert.EndsWith("Checkpoint.FromFolder(folder, modelType: \"bert\").", Assert.Throws<CheckpointException>(open).Message, StringComparison.Ordinal);
        }
        Assert.Equal("bert", Checkpoint.FromFolder(_folder.Folder, modelType: "bert").Config.ModelType);
        Assert.Equal("bert", Checkpoint.FromFile(file, modelType: "bert").Config.ModelType);
    }

    [Fact]
    public void An_adapter_is_named_with_what_it_belongs_to()
    {
        _folder.Write("adapter_config.json", """{"peft_type":"LORA","base_model_name_or_path":"some/llama","r":8}""");
        string expected = $"The folder '{_folder.Folder}' holds a LORA adapter for 'some/llama' (adapter_config.json), which is not applied here: merge it";
        Assert.StartsWith(expected, Assert.Throws<CheckpointException>(() => Checkpoint.FromFolder(_folder.Folder)).Message, StringComparison.Ordinal);

        string file = Write(Networks.Json());
        Assert.StartsWith(expected, Assert.Throws<CheckpointException>(() => Checkpoint.FromFolder(_folder.Folder)).Message, StringComparison.Ordinal);
        Assert.StartsWith(expected, Assert.Throws<CheckpointException>(() => Checkpoint.FromFile(file)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bert-base-uncased")]
    [InlineData("org/name")]
    public void A_name_on_a_hub_is_no_folder(string name)
    {
        string message = Assert.Throws<DirectoryNotFoundException>(() => (Checkpoint)name).Message;

        Assert.StartsWith($"There is no checkpoint folder '{name}'. If that is a network's name on a hub, download its files first", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_in_a_folders_place_is_opened_or_refused_with_the_way()
    {
        string file = Write(Networks.Json());

        Assert.Equal("bert", ((Checkpoint)file).Config.ModelType);
        Assert.Equal("bert", ((Checkpoint)_folder.Folder).Config.ModelType);
        Assert.Contains("is a file, not a checkpoint folder: open it with Checkpoint.FromFile", Assert.Throws<DirectoryNotFoundException>(() => Checkpoint.FromFolder(file)).Message, StringComparison.Ordinal);
        Assert.Contains("is a file, not a checkpoint folder", Assert.Throws<DirectoryNotFoundException>(() => (Checkpoint)_folder.File("config.json")).Message, StringComparison.Ordinal);
        Assert.Contains("is a folder, not a file: open it with Checkpoint.FromFolder", Assert.Throws<FileNotFoundException>(() => Checkpoint.FromFile(_folder.Folder)).Message, StringComparison.Ordinal);
        Assert.Contains("There is no checkpoint file", Assert.Throws<FileNotFoundException>(() => (Checkpoint)_folder.File("absent.gguf")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => (Checkpoint)(string)null!);
    }

    [Fact]
    public void A_gguf_is_given_as_a_path()
    {
        string golden = Directory.GetFiles(Shared.Golden("llama-gguf"), "*.gguf").Order(StringComparer.Ordinal).First();
        string path = _folder.File("network.gguf");
        File.Copy(golden, path);
        _folder.Write("vocab.txt", SmallTokenizers.Vocabulary("x"));

        Assert.Equal("llama", ((Checkpoint)path).Config.ModelType);
    }

    [Fact]
    public void A_byte_order_mark_before_any_text_of_a_checkpoint_is_skipped()
    {
        Write(Networks.Json());
        _folder.Write("generation_config.json", """{"max_new_tokens":7}""");
        _folder.Write("tokenizer_config.json", """{"do_lower_case":false}""");
        _folder.Write("special_tokens_map.json", """{"unk_token":"[UNK]"}""");
        _folder.Write("chat_template.jinja", "{{ messages[0].content }}");
        File.Move(_folder.File(CheckpointFolder.WeightsFile), _folder.File("model-00001-of-00001.safetensors"));
        _folder.Write(CheckpointFolder.IndexFile, """{"weight_map":{"a":"model-00001-of-00001.safetensors"}}""");
        int marked = Mark(_folder.Folder);

        Checkpoint checkpoint = Checkpoint.FromFolder(_folder.Folder);

        Assert.Equal(7, marked);
        Assert.Equal([5, 1], checkpoint.Tokenizer.Encode("x X", null, SmallTokenizers.Plain).Ids);
        Assert.Equal("x", checkpoint.Tokenizer.ApplyChatTemplate([new ChatMessage("user", "x")]));
        Assert.Equal(7, checkpoint.ReadGenerationOptions().MaxNewTokens);
        using ITensorSource weights = checkpoint.OpenWeights()!;
        Assert.Equal(["a"], weights.Names);
    }

    [Theory]
    [InlineData("vocab", "bert-base-uncased")]
    [InlineData("vocab", "roberta-bart")]
    [InlineData("vocab", "gpt2")]
    [InlineData("vocab", "llama3")]
    [InlineData("vocab", "t5")]
    [InlineData("vocab", "chatglm-6b")]
    [InlineData("SmolLM2-135M-Instruct")]
    public void Published_tokenizers_are_the_same_with_a_byte_order_mark(params string[] path)
    {
        Assert.SkipUnless(Shared.Exists, Shared.Missing);
        foreach (string file in Directory.GetFiles(Shared.Path(["weights", .. path])).Where(file => Path.GetExtension(file) is not (".safetensors" or ".gguf")))
        {
            File.Copy(file, _folder.File(Path.GetFileName(file)));
        }
        const string Text = "Hello, wörld! 12 mice…";
        IReadOnlyList<int> expected = TextEncoder.FromFolder(_folder.Folder).Encode(Text).Ids;
        Mark(_folder.Folder);

        Assert.Equal(expected, TextEncoder.FromFolder(_folder.Folder).Encode(Text).Ids);
    }

    // Every text of a folder; SentencePiece's models are none.
    private static int Mark(string folder)
    {
        string[] texts = [.. Directory.GetFiles(folder).Where(file => Path.GetExtension(file) is ".json" or ".txt" or ".jinja" or ".bpe")];
        foreach (string file in texts)
        {
            File.WriteAllBytes(file, [.. Encoding.UTF8.Preamble, .. File.ReadAllBytes(file)]);
        }
        return texts.Length;
    }

    private string Write(string config)
    {
        _folder.Write(CheckpointFolder.ConfigFile, config);
        _folder.Write("vocab.txt", SmallTokenizers.Vocabulary("x"));
        string file = _folder.File(CheckpointFolder.WeightsFile);
        SafetensorsWriter.Write(file, [("a", ones(1))]);
        return file;
    }
}
