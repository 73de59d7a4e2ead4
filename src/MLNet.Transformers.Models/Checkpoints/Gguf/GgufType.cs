using MLNet.Transformers.Models.Vectors;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Checkpoints.Gguf;

/// <summary>Gives the values that one block of bytes stands for.</summary>
internal delegate void DecodeBlock(ReadOnlySpan<byte> block, Span<float> values);

/// <summary>How a GGUF file stores the values of a tensor: as they are, or in blocks of a few bits a value with scales of their own.</summary>
/// <param name="Name">What ggml calls it.</param>
/// <param name="BlockValues">Values of a block; 1 where there are no blocks.</param>
/// <param name="BlockBytes">Bytes of a block.</param>
/// <param name="Values">The type of the values that are given: float32 for blocks.</param>
/// <param name="Decode">Null: the bytes are the values.</param>
internal sealed record GgufType(string Name, int BlockValues, int BlockBytes, ScalarType Values, DecodeBlock? Decode = null)
{
    /// <summary>Makes a matrix of blocks as they are; null: there are no products with blocks of this type.</summary>
    public Func<int, int, RowOfBlocks, WeightMatrix>? Pack { get; init; }

    private const int Small = 32;
    private const int Super = 256;

    // Numbers and sizes as ggml.h and ggml-common.h have them.
    private static readonly Dictionary<uint, GgufType> _known = new()
    {
        [0] = Plain("F32", ScalarType.Float32),
        [1] = Plain("F16", ScalarType.Float16),
        [2] = new("Q4_0", Small, 18, ScalarType.Float32, SmallBlocks.Q4_0) { Pack = BlockTiles<Q4_0Format>.Of },
        [3] = new("Q4_1", Small, 20, ScalarType.Float32, SmallBlocks.Q4_1) { Pack = BlockTiles<Q4_1Format>.Of },
        [6] = new("Q5_0", Small, 22, ScalarType.Float32, SmallBlocks.Q5_0),
        [7] = new("Q5_1", Small, 24, ScalarType.Float32, SmallBlocks.Q5_1),
        [8] = new("Q8_0", Small, 34, ScalarType.Float32, SmallBlocks.Q8_0) { Pack = BlockTiles<Q8_0Format>.Of },
        [10] = new("Q2_K", Super, 84, ScalarType.Float32, SuperBlocks.Q2_K),
        [11] = new("Q3_K", Super, 110, ScalarType.Float32, SuperBlocks.Q3_K),
        [12] = new("Q4_K", Super, 144, ScalarType.Float32, SuperBlocks.Q4_K) { Pack = BlockTiles<Q4_KFormat>.Of },
        [13] = new("Q5_K", Super, 176, ScalarType.Float32, SuperBlocks.Q5_K),
        [14] = new("Q6_K", Super, 210, ScalarType.Float32, SuperBlocks.Q6_K) { Pack = BlockTiles<Q6_KFormat>.Of },
        [24] = Plain("I8", ScalarType.Int8),
        [25] = Plain("I16", ScalarType.Int16),
        [26] = Plain("I32", ScalarType.Int32),
        [27] = Plain("I64", ScalarType.Int64),
        [28] = Plain("F64", ScalarType.Float64),
        [30] = Plain("BF16", ScalarType.BFloat16),
    };

    private static readonly Dictionary<uint, string> _unsupported = new()
    {
        [4] = "Q4_2", [5] = "Q4_3", [9] = "Q8_1", [15] = "Q8_K", [16] = "IQ2_XXS", [17] = "IQ2_XS", [18] = "IQ3_XXS", [19] = "IQ1_S", [20] = "IQ4_NL",
        [21] = "IQ3_S", [22] = "IQ2_S", [23] = "IQ4_XS", [29] = "IQ1_M", [31] = "Q4_0_4_4", [32] = "Q4_0_4_8", [33] = "Q4_0_8_8", [34] = "TQ1_0",
        [35] = "TQ2_0", [39] = "MXFP4",
    };

    /// <summary>The type that has a number.</summary>
    /// <param name="number">As the file gives it.</param>
    /// <param name="tensor">The tensor, for a message.</param>
    /// <param name="wrong">Makes an error of the message.</param>
    public static GgufType Find(uint number, string tensor, Func<string, Exception> wrong) => _known.TryGetValue(number, out GgufType? type)
        ? type
        : throw wrong(
            $"the tensor '{tensor}' is of the type {(_unsupported.TryGetValue(number, out string? name) ? $"{name} ({number})" : $"{number}")}; "
            + $"supported are {string.Join(", ", _known.Values.Select(known => known.Name))}");

    private static GgufType Plain(string name, ScalarType type) => new(name, 1, type.ElementSize(), type);
}

/// <summary>A tensor of a GGUF file, as it is stored.</summary>
/// <param name="File">The file, or the part of it, that it lies in.</param>
/// <param name="Name">Its name.</param>
/// <param name="Type">How its values are stored.</param>
/// <param name="Shape">Its sizes, outermost first as everywhere but in the file.</param>
/// <param name="Length">Its bytes.</param>
internal sealed record GgufTensor(MappedFile File, string Name, GgufType Type, long[] Shape, long Length)
{
    /// <summary>Where in the file it begins.</summary>
    public long Offset { get; set; }

    /// <summary>What it is once its values are decoded.</summary>
    public TensorEntry Entry(string name) => new(name, Type.Values, Shape, Length / Type.BlockBytes * Type.BlockValues * Type.Values.ElementSize());

    /// <summary>Copies the values.</summary>
    /// <param name="target">A tensor of its shape.</param>
    /// <param name="storedRow">Which row of the file is which row of the target; null: the same. A tensor of one dimension has rows of one value.</param>
    public void CopyTo(Tensor target, Func<long, long>? storedRow = null)
    {
        long rowValues = Shape.Length == 0 || (storedRow is not null && Shape.Length == 1) ? 1 : Shape[^1];
        var rows = new GgufRows(File, this, rowValues, storedRow ?? (row => row));
        TensorBytes.Fill(target, Entry(Name), File.Path, rows.Read);
    }

    /// <summary>The blocks of a matrix, as they are; null where it is none, or of a type without products.</summary>
    /// <param name="storedRow">As <see cref="CopyTo"/> takes it.</param>
    public WeightMatrix? Pack(Func<long, long>? storedRow = null)
    {
        if (Type.Pack is not { } pack || Shape.Length != 2)
        {
            return null;
        }
        int rowBytes = checked((int)(Shape[1] / Type.BlockValues * Type.BlockBytes));
        return pack((int)Shape[0], (int)Shape[1], row => File.Span(Offset + ((storedRow?.Invoke(row) ?? row) * rowBytes), rowBytes));
    }
}
