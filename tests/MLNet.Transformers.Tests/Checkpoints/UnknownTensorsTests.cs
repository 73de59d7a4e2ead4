using MLNet.Transformers.Models.Checkpoints.Safetensors;
using Microsoft.ML;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Checkpoints;

/// <summary>Tensors of a checkpoint that have nothing to do with the network: a loss's weight, what a training program left, of whatever type.</summary>
public sealed class UnknownTensorsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope;

    public UnknownTensorsTests()
    {
        NativeBackend.EnsureLoaded();
        _scope = NewDisposeScope();
    }

    /// <summary>The types that this library does not compute with, and the bytes of eight values.</summary>
    public static TheoryData<string, int> OtherTypes => new()
    {
        { "U16", 16 }, { "U32", 32 }, { "U64", 64 }, { "C64", 64 }, { "F8_E4M3", 8 }, { "F8_E5M2", 8 }, { "F8_E4M3FNUZ", 8 }, { "F8_E5M2FNUZ", 8 },
        { "F8_E8M0", 8 }, { "F6_E2M3", 6 }, { "F6_E3M2", 6 }, { "F4", 4 },
    };

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void One_is_named_in_the_log()
    {
        var log = new List<string>();
        using TaskModel model = NetworkLoader.Apply(Write(("loss_fct.weight", ones(2))), HeadKind.SequenceClassification, log.Add);

        Assert.Contains("Unknown to BertForSequenceClassification and not used: loss_fct.weight.", log);
    }

    [Fact]
    public void One_reaches_the_log_of_the_context()
    {
        var ml = new MLContext(1);
        var log = new List<string>();
        ml.Log += (_, e) => log.Add(e.Message);
        using SequenceClassificationTransformer model =
            ml.Transformers().ApplySequenceClassification(Write(("loss_fct.weight", ones(2))), new() { TextColumnName = "Text" })
                .Fit(ml.Data.LoadFromEnumerable([new { Text = "a" }]));

        Assert.Contains(log, line => line.Contains("loss_fct.weight", StringComparison.Ordinal));
    }

    [Fact]
    public void One_is_an_error_for_those_who_want_it()
    {
        Checkpoint strict = Write(("loss_fct.weight", ones(2)), strict: true);

        string message = Assert.Throws<CheckpointException>(() => NetworkLoader.Apply(strict, HeadKind.SequenceClassification, static _ => { })).Message;

        Assert.EndsWith("not expected (1): loss_fct.weight", message, StringComparison.Ordinal);
        NetworkLoader.Apply(Checkpoint.FromFile(_folder.File(CheckpointFolder.WeightsFile)), HeadKind.SequenceClassification, static _ => { }).Dispose();
        Assert.Throws<CheckpointException>(
            () => NetworkLoader.Apply(Checkpoint.FromFile(_folder.File(CheckpointFolder.WeightsFile), strict: true), HeadKind.SequenceClassification, static _ => { }));
    }

    [Fact]
    public void Many_are_named_as_far_as_a_line_goes()
    {
        var log = new List<string>();
        (string, Tensor)[] extra = [.. Enumerable.Range(10, 70).Select(i => ($"extra.{i}", ones(1)))];
        using TaskModel model = NetworkLoader.Apply(Write(extra), HeadKind.SequenceClassification, log.Add);

        Assert.Contains(log, line => line.EndsWith("not used: extra.10, extra.11, extra.12, extra.13, extra.14, extra.15, extra.16, … and 63 more.", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(OtherTypes))]
    public void One_of_another_type_changes_nothing(string type, int bits)
    {
        Checkpoint checkpoint = Write();
        Append("odd", type, bits);

        var log = new List<string>();
        using TaskModel model = NetworkLoader.Apply(checkpoint, HeadKind.SequenceClassification, log.Add);

        Assert.Contains("Unknown to BertForSequenceClassification and not used: odd.", log);
    }

    [Theory]
    [MemberData(nameof(OtherTypes))]
    public void A_tensor_of_the_network_of_another_type_is_refused_by_the_types_name(string type, int bits)
    {
        Checkpoint checkpoint = Write(without: "classifier.bias");
        Append("classifier.bias", type, bits);

        string message = Assert.Throws<CheckpointException>(() => NetworkLoader.Apply(checkpoint, HeadKind.SequenceClassification, static _ => { })).Message;

        Assert.EndsWith($"of a type that is not computed with (1): classifier.bias is {type}", message, StringComparison.Ordinal);
        using ITensorSource source = checkpoint.OpenWeights()!;
        Assert.Contains($"'classifier.bias' of '{source.Path}' is stored as {type}", Assert.Throws<CheckpointException>(() => source.CopyTo("classifier.bias", zeros(8))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_list_of_what_is_missing_is_cut()
    {
        using TaskModel other = TaskModel.Create(new BertConfig { VocabularySize = 9, HiddenSize = 8, Heads = 2, Layers = 6, IntermediateSize = 8 }, HeadKind.None, Placement.Cpu);
        SafetensorsWriter.Write(_folder.File("x.safetensors"), [("a", ones(1))]);
        using SafetensorsFile source = SafetensorsFile.Open(_folder.File("x.safetensors"));

        string message = Assert.Throws<CheckpointException>(() => CheckpointLoader.Load(other, source, [], [], 0)).Message;

        int count = other.NamedParameters.Count;
        Assert.Contains($"missing ({count}): embeddings.word_embeddings.weight; ", message, StringComparison.Ordinal);
        Assert.Contains($"; … and {count - 7} more", message, StringComparison.Ordinal);
    }

    private Checkpoint Write(params (string Name, Tensor Tensor)[] extra) => Write(null, false, extra);

    private Checkpoint Write((string Name, Tensor Tensor) extra, bool strict) => Write(null, strict, extra);

    private Checkpoint Write(string? without) => Write(without, false);

    // A classifier with weights that nobody trained.
    private Checkpoint Write(string? without, bool strict, params (string Name, Tensor Tensor)[] extra)
    {
        Checkpoint fresh = SampleNetworks.Tiny();
        string[] labels = [.. Enumerable.Range(0, 8).Select(i => $"label {i}")];
        using TaskModel model = NetworkLoader.ForTraining(fresh, new HeadRequest(HeadKind.SequenceClassification, labels), seed: 1, static _ => { });
        CheckpointWriter.Write(_folder.Folder, model, fresh.Tokenizer);
        SafetensorsWriter.Write(_folder.File(CheckpointFolder.WeightsFile), [.. model.StoredTensors().Where(item => item.Name != without), .. extra]);
        return Checkpoint.FromFolder(_folder.Folder, strict: strict);
    }

    // Puts a tensor of eight values behind the others.
    private void Append(string name, string type, int bits)
    {
        string path = _folder.File(CheckpointFolder.WeightsFile);
        byte[] file = File.ReadAllBytes(path);
        int length = (int)BitConverter.ToInt64(file);
        string header = System.Text.Encoding.UTF8.GetString(file, sizeof(long), length).TrimEnd();
        int data = file.Length - sizeof(long) - length;
        byte[] longer = System.Text.Encoding.UTF8.GetBytes($$"""{{header[..^1]}},"{{name}}":{"dtype":"{{type}}","shape":[8],"data_offsets":[{{data}},{{data + bits}}]}""" + "}");
        File.WriteAllBytes(path, [.. BitConverter.GetBytes((long)longer.Length), .. longer, .. file[(sizeof(long) + length)..], .. new byte[bits]]);
    }
}
