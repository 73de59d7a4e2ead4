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
    private readonly Dictionary<Tensor, WeightMatrix> _tables = new(ReferenceEqualityComparer.Instance);
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

    /// <summary>A table of vectors, of which rows are copied in float32.</summary>
    /// <param name="table">(rows, width), a parameter on the CPU.</param>
    public WeightMatrix Table(Tensor table)
    {
        lock (_making)
        {
            return packed.TryGetValue(table, out WeightMatrix? found) || _tables.TryGetValue(table, out found) ? found : _tables[table] = new PlainRows(table, ScalarType.Float32);
        }
    }

    /// <param name="values">A parameter of one dimension, or of one row.</param>
    public VectorBuffer Vector(Tensor values)
    {
        lock (_making)
        {
            if (!_vectors.TryGetValue(values, out VectorBuffer? found))
            {
                using var scope = NewDisposeScope();
                Tensor flat = values.detach().to(ScalarType.Float32).flatten().contiguous();
                found = _vectors[values] = new VectorBuffer((int)flat.numel());
                flat.data<float>().CopyTo(found.Values(0));
            }
            return found;
        }
    }

    public void Dispose()
    {
        foreach (IDisposable made in _plain.Values.Concat(_tables.Values).Concat<IDisposable>(_vectors.Values))
        {
            made.Dispose();
        }
    }
}
