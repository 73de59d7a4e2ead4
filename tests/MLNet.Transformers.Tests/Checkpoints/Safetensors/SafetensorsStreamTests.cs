using System.Buffers.Binary;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Checkpoints.Safetensors;
using MLNet.Transformers.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Checkpoints.Safetensors;

public sealed class SafetensorsStreamTests : IDisposable
{
    private const string Name = "model.zip: weights";

    private readonly DisposeScope _scope;
    private readonly Tensor _a;
    private readonly Tensor _b;

    public SafetensorsStreamTests()
    {
        NativeBackend.EnsureLoaded();
        _scope = NewDisposeScope();
        (_a, _b) = (arange(6, ScalarType.Float32).reshape(2, 3), tensor([7f, 8f], [2]).to(ScalarType.BFloat16));
    }

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Reads_forward_only_and_in_small_steps()
    {
        var targets = new Dictionary<string, Tensor> { ["b"] = zeros(2), ["a"] = zeros(2, 3), ["empty"] = zeros(0, 4) };

        SafetensorsStream.Read(new DrippingStream(Written()), Name, targets);

        Assert.Equal([0f, 1, 2, 3, 4, 5], targets["a"].data<float>().ToArray());
        Assert.Equal([7f, 8], targets["b"].data<float>().ToArray());
    }

    [Fact]
    public void Refuses_every_cut_of_a_stream()
    {
        byte[] whole = Written();
        for (int length = 0; length < whole.Length; length++)
        {
            var error = Assert.Throws<CheckpointException>(
                () => SafetensorsStream.Read(new MemoryStream(whole[..length]), Name, Targets()));
            Assert.Contains(Name, error.Message, StringComparison.Ordinal);
            Assert.Contains("cut off", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Refuses_bytes_behind_the_last_tensor()
    {
        var error = Assert.Throws<CheckpointException>(() => SafetensorsStream.Read(new MemoryStream([.. Written(), 0]), Name, Targets()));

        Assert.Contains(Name, error.Message, StringComparison.Ordinal);
        Assert.Contains("follow the last tensor", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(1UL << 63)]
    [InlineData(ulong.MaxValue)]
    public void Refuses_a_header_of_an_impossible_length(ulong length)
    {
        byte[] stream = Written();
        BinaryPrimitives.WriteUInt64LittleEndian(stream, length);

        var error = Assert.Throws<CheckpointException>(() => SafetensorsStream.Read(new MemoryStream(stream), Name, Targets()));

        Assert.Contains($"{length:N0} bytes long", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lists_what_is_missing_and_what_is_not_expected()
    {
        Dictionary<string, Tensor> targets = Targets();
        targets.Remove("b");
        targets.Add("c", zeros(1));

        var error = Assert.Throws<CheckpointException>(() => SafetensorsStream.Read(new MemoryStream(Written()), Name, targets));

        Assert.Contains(Name, error.Message, StringComparison.Ordinal);
        Assert.Contains("missing [c], not expected [b]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_stream_and_tensor_of_another_shape()
    {
        Dictionary<string, Tensor> targets = Targets();
        targets["a"] = zeros(3, 2);

        var error = Assert.Throws<CheckpointException>(() => SafetensorsStream.Read(new MemoryStream(Written()), Name, targets));

        Assert.Contains("'a' is [2, 3], expected [3, 2]", error.Message, StringComparison.Ordinal);
        Assert.Contains(Name, error.Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, Tensor> Targets() => new() { ["a"] = zeros(2, 3), ["b"] = zeros(2), ["empty"] = zeros(0, 4) };

    private byte[] Written()
    {
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, [("a", _a), ("empty", zeros(0, 4)), ("b", _b)]);
        return stream.ToArray();
    }

    /// <summary>Gives at most three bytes at a time and cannot go back.</summary>
    private sealed class DrippingStream(byte[] content) : MemoryStream(content)
    {
        public override bool CanSeek => false;

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(3, buffer.Length)]);

        public override long Seek(long offset, SeekOrigin loc) => throw new NotSupportedException();
    }
}
