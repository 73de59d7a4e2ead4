using MLNet.Transformers.Models.Vectors;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Checkpoints;

/// <summary>One tensor of a checkpoint, as it is stored.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type; null: one that this library does not compute with.</param>
/// <param name="Shape">Its sizes; empty for a scalar.</param>
/// <param name="Length">Its bytes.</param>
internal sealed record TensorEntry(string Name, ScalarType? Type, long[] Shape, long Length)
{
    /// <summary>What the file calls the type, where <see cref="Type"/> is null.</summary>
    public string? TypeName { get; init; }
}

/// <summary>The tensors of a checkpoint, whatever files they lie in.</summary>
internal interface ITensorSource : IDisposable
{
    /// <summary>What to call the source in a message: a file or a folder.</summary>
    string Path { get; }

    IReadOnlyCollection<string> Names { get; }

    /// <summary>What is known of a tensor without reading it.</summary>
    TensorEntry this[string name] { get; }

    /// <summary>Reads a tensor into memory that is already there, converting between number formats.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="target">A tensor of the same shape.</param>
    void CopyTo(string name, Tensor target);

    /// <summary>A matrix as the file packs it, for products with one vector; null where it does not, or in a format that has no such products.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    WeightMatrix? Pack(string name) => null;
}
