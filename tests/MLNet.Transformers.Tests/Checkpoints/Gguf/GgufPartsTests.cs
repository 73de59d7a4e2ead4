using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Parity.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Checkpoints.Gguf;

/// <summary>A file that llama.cpp's llama-gguf-split has cut: the first part has the metadata, each some of the tensors.</summary>
public sealed class GgufPartsTests : IDisposable
{
    /// <summary>The tensors of a LLaMA of width 4 with six tokens.</summary>
    internal static readonly (string Name, long[] Shape)[] Tensors =
    [
        ("token_embd.weight", [6, 4]), ("output_norm.weight", [4]), ("blk.0.attn_norm.weight", [4]), ("blk.0.ffn_norm.weight", [4]),
        ("blk.0.attn_q.weight", [4, 4]), ("blk.0.attn_k.weight", [4, 4]), ("blk.0.attn_v.weight", [4, 4]), ("blk.0.attn_output.weight", [4, 4]),
        ("blk.0.ffn_gate.weight", [4, 4]), ("blk.0.ffn_up.weight", [4, 4]), ("blk.0.ffn_down.weight", [4, 4]),
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope;

    public GgufPartsTests()
    {
        NativeBackend.EnsureLoaded();
        _scope = NewDisposeScope();
    }

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void All_parts_are_read_whichever_is_named()
    {
        string[] parts = WriteParts();
        using var other = new TemporaryFolder();
        using ITensorSource expected = CheckpointFolder.OpenFile(other.Write("whole.gguf", WithTensors(Metadata(), Tensors).ToArray()));

        foreach (string? part in (string?[])[.. parts, null])
        {
            using ITensorSource source = part is null ? CheckpointFolder.OpenWeights(_folder.Folder) : CheckpointFolder.OpenFile(part);
            Assert.Equal(expected.Names.Order(), source.Names.Order());
            Assert.All(expected.Names, name => Assert.Equal(Read(expected, name), Read(source, name)));
        }
        Assert.Equal(6, CheckpointContents.OfFolder(_folder.Folder).Config.VocabularySize);
    }

    [Fact]
    public void A_part_that_is_not_there_is_named()
    {
        string[] parts = WriteParts();
        File.Delete(parts[1]);

        string message = Assert.Throws<CheckpointException>(() => CheckpointFolder.OpenFile(parts[2])).Message;

        Assert.Equal($"'{parts[2]}' is one of 3 parts, of which 'x-00002-of-00003.gguf' is not beside it; all are needed.", message);
    }

    [Fact]
    public void A_part_of_another_name_is_named_as_what_it_is()
    {
        string[] parts = WriteParts();
        File.Move(parts[0], _folder.File("a.gguf"));

        string message = Assert.Throws<CheckpointException>(() => CheckpointFolder.OpenFile(_folder.File("a.gguf"))).Message;

        Assert.Contains("'split.count' is 3; expected a file that is whole, or parts named NAME-00001-of-00003.gguf and on", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_in_another_order_and_tensors_in_two_parts_are_refused()
    {
        string[] parts = WriteParts();
        File.Copy(parts[2], parts[1], overwrite: true);
        Assert.Contains("'split.no' is 2; expected 1", Assert.Throws<CheckpointException>(() => CheckpointFolder.OpenFile(parts[0])).Message, StringComparison.Ordinal);

        File.WriteAllBytes(parts[1], WithTensors(Part(new GgufBytes(), 1), Tensors[..1]).ToArray());
        Assert.Contains($"'{parts[1]}' and '{parts[0]}' both have the tensor 'token_embd.weight'", Assert.Throws<CheckpointException>(() => CheckpointFolder.OpenFile(parts[0])).Message, StringComparison.Ordinal);
    }

    internal static GgufBytes WithTensors(GgufBytes bytes, (string Name, long[] Shape)[] tensors)
    {
        foreach ((string name, long[] shape) in tensors)
        {
            bytes.WithTensor(name, shape, [.. Enumerable.Range(0, (int)shape.Aggregate((a, b) => a * b)).Select(i => (i + name.Length) / 8f)]);
        }
        return bytes;
    }

    private static GgufBytes Metadata() => new GgufBytes().With("general.architecture", "llama").With("llama.block_count", 1u).With("llama.context_length", 16u)
        .With("llama.embedding_length", 4u).With("llama.attention.head_count", 1u).With("llama.feed_forward_length", 4u)
        .With("llama.attention.layer_norm_rms_epsilon", 1e-5f);

    private static GgufBytes Part(GgufBytes bytes, ushort number) => bytes.With("split.no", number).With("split.count", (ushort)3).With("split.tensors.count", Tensors.Length);

    private string[] WriteParts() =>
    [
        _folder.Write("x-00001-of-00003.gguf", WithTensors(Part(Metadata(), 0), Tensors[..3]).ToArray()),
        _folder.Write("x-00002-of-00003.gguf", WithTensors(Part(new GgufBytes(), 1), Tensors[3..4]).ToArray()),
        _folder.Write("x-00003-of-00003.gguf", WithTensors(Part(new GgufBytes(), 2), Tensors[4..]).ToArray()),
    ];

    private static float[] Read(ITensorSource source, string name)
    {
        Tensor values = full(source[name].Shape, float.NaN);
        source.CopyTo(name, values);
        return values.data<float>().ToArray();
    }
}
