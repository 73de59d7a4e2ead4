using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Checkpoints.TorchPickle;

/// <summary>Numbers in a row, which tensors are views of.</summary>
/// <param name="Key">What the file calls it.</param>
/// <param name="Type">The type of the numbers; bytes where the storage has no type of its own.</param>
/// <param name="Elements">How many there are.</param>
internal sealed record TorchStorage(string Key, ScalarType Type, long Elements)
{
    /// <summary>Where in the file they begin; known when the file's table of storages has been read.</summary>
    public long Offset { get; set; } = -1;

    public long Bytes => Elements * Type.ElementSize();
}

/// <summary>A view of a storage.</summary>
/// <param name="Storage">The numbers.</param>
/// <param name="Type">Their type.</param>
/// <param name="First">Index of the first, in numbers of <paramref name="Type"/>.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Strides">Steps of each dimension, in numbers.</param>
internal sealed record TorchTensor(TorchStorage Storage, ScalarType Type, long First, long[] Shape, long[] Strides)
{
    /// <summary>A tensor whose numbers all lie within its storage.</summary>
    /// <exception cref="PickleRefusedException">They do not.</exception>
    public static TorchTensor Create(TorchStorage storage, ScalarType type, long first, long[] shape, long[] strides)
    {
        string View() => $"a tensor of shape [{string.Join(", ", shape)}], strides [{string.Join(", ", strides)}] and offset {first}";
        if (shape.Length != strides.Length || first < 0 || shape.Any(size => size < 0) || strides.Any(stride => stride < 0))
        {
            throw new PickleRefusedException($"its pickle has {View()}, which cannot be");
        }
        try
        {
            checked
            {
                _ = shape.Aggregate((long)type.ElementSize(), (product, size) => product * size);
                long last = first;
                for (int i = 0; i < shape.Length; i++)
                {
                    last += (shape[i] - 1) * strides[i];
                }
                long held = storage.Bytes / type.ElementSize();
                if (!shape.Contains(0) && last >= held)
                {
                    throw new PickleRefusedException($"its pickle has {View()}, which reaches beyond the {held:N0} numbers of the storage '{storage.Key}'");
                }
            }
        }
        catch (OverflowException)
        {
            throw new PickleRefusedException($"its pickle has {View()}, which is larger than there can be");
        }
        return new TorchTensor(storage, type, first, shape, strides);
    }

    public TensorEntry Entry(string name) =>
        new(name, Type, Shape, Shape.Contains(0) ? 0 : Shape.Aggregate((long)Type.ElementSize(), (product, size) => product * size));

    /// <summary>Where in the file the number of index <see cref="First"/> lies.</summary>
    public long Offset => Storage.Offset + First * Type.ElementSize();
}
