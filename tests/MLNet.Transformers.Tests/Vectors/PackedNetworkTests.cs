using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Checkpoints.Gguf;
using MLNet.Transformers.Models.Generation;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Models.Vectors;
using MLNet.Transformers.Tests.Generation;
using MLNet.Transformers.Tests.Models;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Vectors;

/// <summary>A network that writes from the blocks of its GGUF file, and whose parameters are filled when something else asks for them.</summary>
public sealed class PackedNetworkTests : IDisposable
{
    private const string Config =
        """
        {"model_type": "llama", "vocab_size": 37, "hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 12,
         "intermediate_size": 96, "max_position_embeddings": 64, "pad_token_id": 0, "tie_word_embeddings": true}
        """;

    private readonly TaskModel _plain;
    private readonly TaskModel _packed;

    public PackedNetworkTests()
    {
        NativeBackend.EnsureLoaded();
        (_plain, _packed) = (Load(MatrixPacking.None), Load(MatrixPacking.AsStored));
    }

    public void Dispose()
    {
        _plain.Dispose();
        _packed.Dispose();
    }

    [Fact]
    public void One_text_is_written_from_blocks_alone()
    {
        var options = new GenerationOptions { MaxNewTokens = 12, EosIds = [] };

        Assert.True(_packed.IsPacked);
        Assert.Equal(Write(_plain, options), Write(_packed, options));
        Assert.True(_packed.IsPacked);
    }

    [Fact]
    public void Several_texts_at_once_unpack_them()
    {
        foreach (GenerationOptions options in new GenerationOptions[]
            { new() { Beams = 3, MaxNewTokens = 6, EosIds = [] }, new() { Sample = true, Seed = 3, ReturnedSequences = 2, MaxNewTokens = 6, EosIds = [] } })
        {
            using TaskModel packed = Load(MatrixPacking.AsStored);

            Assert.Equal(Write(_plain, options), Write(packed, options));
            Assert.False(packed.IsPacked);
        }
    }

    [Fact]
    public void Prompts_with_padding_are_read_as_ever()
    {
        var options = new GenerationOptions { MaxNewTokens = 5, EosIds = [] };

        Assert.Equal(Write(_plain, options, [5, 9, 3], [7]), Write(_packed, options, [5, 9, 3], [7]));
    }

    [Fact]
    public void Stored_tensors_are_those_of_a_network_that_was_never_packed()
    {
        Assert.Equal(_plain.StoredTensors().Select(item => item.Name), _packed.StoredTensors().Select(item => item.Name));
        foreach (((string name, Tensor expected), (_, Tensor found)) in _plain.StoredTensors().Zip(_packed.StoredTensors()))
        {
            Assert.True(expected.Equals(found), name);
        }
    }

    [Fact]
    public void Training_goes_on_with_plain_weights()
    {
        _packed.train();

        Assert.False(_packed.IsPacked);
        Assert.All(_plain.NamedParameters.Zip(_packed.NamedParameters), pair => Assert.True(pair.First.Parameter.Equals(pair.Second.Parameter), pair.First.Name));
    }

    [Theory]
    [InlineData(MatrixPacking.Int8, 0.02)]
    [InlineData(MatrixPacking.Int4, 0.2)]
    public void Plain_weights_are_packed_while_they_are_loaded(object packing, double tolerance)
    {
        using var scope = NewDisposeScope();
        using TaskModel plain = Tests.Models.Networks.Create(DecoderNetworks.Parse(Config), HeadKind.CausalLanguageModel);
        using var source = new StateSource(plain);
        using TaskModel packed = TaskModel.Create(plain.Config, HeadKind.CausalLanguageModel, Placement.Cpu);
        CheckpointLoader.Load(packed, source, mayAdd: [], replace: [], seed: 0, packing: (MatrixPacking)packing);
        packed.eval();
        using var inference = inference_mode();
        TokenBatch text = Writers.Prompt([5, 9, 3, 17, 30]);
        using VectorDecoder decoder = VectorDecoder.Begin(packed, read: null)!;
        float[] written = decoder.Read([5, 9, 3, 17, 30], [0, 1, 2, 3, 4]).ToArray();

        float[] unpacked = Tests.Models.Networks.Values(packed.forward(text).Logits[0, -1]);
        float[] expected = Tests.Models.Networks.Values(plain.forward(text).Logits[0, -1]);

        double size = expected.Max(Math.Abs);
        Assert.InRange(written.Zip(unpacked, (a, b) => Math.Abs(a - b)).Max(), 0, 1e-5 * Math.Max(1, size));
        Assert.InRange(written.Zip(expected, (a, b) => Math.Abs(a - b)).Max(), 1e-6, tolerance * size);
    }

    [Fact]
    public void A_block_whose_scale_is_no_number_is_refused()
    {
        var error = Assert.Throws<CheckpointException>(() => Load(MatrixPacking.AsStored, Half.NaN));

        Assert.Contains("holds NaN or infinity", error.Message, StringComparison.Ordinal);
    }

    private static TaskModel Load(MatrixPacking packing, Half? scale = null)
    {
        TaskModel model = TaskModel.Create(DecoderNetworks.Parse(Config), HeadKind.CausalLanguageModel, Placement.Cpu);
        using var source = new BlockSource(model, scale ?? (Half)0.004);
        CheckpointLoader.Load(model, source, mayAdd: [], replace: [], seed: 0, packing: packing);
        model.eval();
        return model;
    }

    private static int[][] Write(TaskModel model, GenerationOptions options, params int[][] prompts) =>
        Writers.Write(model, Writers.Prompt(prompts.Length == 0 ? [[5, 9, 3, 17]] : prompts), options);
}

/// <summary>Tensors of a network: matrices whose columns are whole blocks in blocks of eight bits, everything else plain.</summary>
internal sealed class BlockSource(TaskModel network, Half scale) : ITensorSource
{
    private const int Q8_0 = 8;

    private static readonly GgufType _type = GgufType.Find(Q8_0, "tensor", message => new InvalidOperationException(message));

    private readonly Dictionary<string, long[]> _shapes = network.NamedParameters.ToDictionary(item => item.Name, item => item.Parameter.shape);

    public string Path => "blocks";

    public IReadOnlyCollection<string> Names => _shapes.Keys;

    public TensorEntry this[string name] => new(name, ScalarType.Float32, _shapes[name], _shapes[name].Aggregate(4L, (bytes, size) => bytes * size));

    public void CopyTo(string name, Tensor target)
    {
        using var scope = NewDisposeScope();
        if (!IsInBlocks(name))
        {
            target.copy_(rand(target.shape, generator: new Generator((ulong)Seed(name))));
            return;
        }
        for (int row = 0; row < target.shape[0]; row++)
        {
            byte[] blocks = Row(name, row);
            float[] values = new float[target.shape[1]];
            for (int block = 0; block < blocks.Length / _type.BlockBytes; block++)
            {
                _type.Decode!(blocks.AsSpan(block * _type.BlockBytes, _type.BlockBytes), values.AsSpan(block * _type.BlockValues, _type.BlockValues));
            }
            target[row].copy_(tensor(values));
        }
    }

    public WeightMatrix? Pack(string name) =>
        IsInBlocks(name) ? _type.Pack!((int)_shapes[name][0], (int)_shapes[name][1], row => Row(name, row)) : null;

    public void Dispose()
    {
    }

    private bool IsInBlocks(string name) => _shapes[name] is [_, var columns] && columns % _type.BlockValues == 0;

    private byte[] Row(string name, int row)
    {
        var bytes = new byte[_shapes[name][1] / _type.BlockValues * _type.BlockBytes];
        new Random(Seed(name) + row).NextBytes(bytes);
        for (int block = 0; block < bytes.Length; block += _type.BlockBytes)
        {
            BitConverter.TryWriteBytes(bytes.AsSpan(block), scale);
        }
        return bytes;
    }

    private static int Seed(string name) => name.Aggregate(7, (sum, letter) => ((sum * 31) + letter) & 0xFFFFFF);
}

/// <summary>The tensors of a network in memory.</summary>
internal sealed class StateSource(TaskModel network) : ITensorSource
{
    private readonly Dictionary<string, Tensor> _tensors = network.StoredTensors().ToDictionary(item => item.Name, item => item.Tensor);

    public string Path => "memory";

    public IReadOnlyCollection<string> Names => _tensors.Keys;

    public TensorEntry this[string name] => new(name, ScalarType.Float32, _tensors[name].shape, _tensors[name].numel() * sizeof(float));

    public void CopyTo(string name, Tensor target) => target.copy_(_tensors[name]);

    public void Dispose()
    {
    }
}
