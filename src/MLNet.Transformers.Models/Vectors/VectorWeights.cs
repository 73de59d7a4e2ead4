using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Vectors;

/// <summary>
/// A network's weights as products with one vector read them: as the file packs them where it does, else as the network computes. Made at the first use,
/// shared by all that write with the network, until weights may have changed.
/// </summary>
/// <param name="packed">What came packed from the file, by parameter.</param>
/// <param name="type">The type in which the network computes: float32 or bfloat16.</param>
internal sealed class VectorWeights(IReadOnlyDictionary<Tensor, WeightMatrix> packed, ScalarType type) : IDisposable
{
    private readonly Lock _making = new();
    private readonly Dictionary<Tensor, WeightMatrix> _plain = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Tensor, VectorBuffer> _vectors = new(ReferenceEqualityComparer.Instance);

    public ScalarType Type => type;

    /// <param name="weight">(outputs, inputs), a parameter on the CPU.</param>
    public WeightMatrix Matrix(Tensor weight)
    {
        lock (_making)
        {
            return packed.TryGetValue(weight, out WeightMatrix? found) || _plain.TryGetValue(weight, out found) ? found : _plain[weight] = new PlainRows(weight, type);
        }
    }

    /// <summary>Copies a row of a parameter on the CPU, in float32.</summary>
    public void CopyRow(Tensor weight, int row, Span<float> values)
    {
        if (packed.TryGetValue(weight, out WeightMatrix? found))
        {
            found.CopyRow(row, values);
        }
        else
        {
            TensorMemory.Row(weight, row).CopyTo(values);
        }
    }

    /// <param name="values">A parameter of one dimension, or of one row.</param>
    public VectorBuffer Vector(Tensor values)
    {
        lock (_making)
        {
            if (!_vectors.TryGetValue(values, out VectorBuffer? found))
            {
                using Tensor flat = values.detach().to(ScalarType.Float32).flatten().contiguous();
                found = _vectors[values] = new VectorBuffer((int)flat.numel());
                flat.data<float>().CopyTo(found.Values(0));
            }
            return found;
        }
    }

    public void Dispose()
    {
        foreach (IDisposable made in _plain.Values.Concat<IDisposable>(_vectors.Values))
        {
            made.Dispose();
        }
    }
}
