using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MLNet.Transformers.Models.Nn;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Vectors;

/// <summary>The tokens that are read, which stand one behind the other.</summary>
/// <param name="Count">How many, at most <see cref="VectorWorkspace.Tokens"/>.</param>
/// <param name="Turns">How queries and keys of each are turned; null: not at all.</param>
/// <param name="Distances">What is added to the scores for the distance of query and key; null: nothing.</param>
/// <param name="Threads">How many threads may compute.</param>
internal readonly record struct VectorStep(int Count, VectorTurns[]? Turns, VectorDistances? Distances, int Threads);

/// <summary>A part of a layer: reads what is in <see cref="VectorWorkspace.Normed"/>, and leaves what is to be added in <see cref="VectorWorkspace.Added"/>.</summary>
internal interface IVectorPart : IDisposable
{
    void Forward(VectorStep step);

    /// <summary>Takes over what the part has read before.</summary>
    /// <param name="read">What the layer holds of it.</param>
    /// <param name="seen">Of the source's tokens those that are seen, int64; null: all.</param>
    void Take(LayerCache read, Tensor? seen)
    {
    }
}

/// <summary>A part of a layer with what surrounds it: what it makes is added to the hidden state.</summary>
internal sealed unsafe class VectorSublayer(VectorWorkspace work, IVectorPart part) : IDisposable
{
    /// <summary>Normalises what the part reads; null: nothing does.</summary>
    public IVectorNorm? Before { get; init; }

    /// <summary>Normalises what the part makes; null: nothing does.</summary>
    public IVectorNorm? Behind { get; init; }

    /// <summary>Normalises the sum; null: nothing does.</summary>
    public IVectorNorm? After { get; init; }

    public void Take(LayerCache read, Tensor? seen) => part.Take(read, seen);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Forward(VectorStep step)
    {
        for (int token = 0; token < step.Count; token++)
        {
            if (Before is null)
            {
                work.Hidden.Values(token).CopyTo(work.Normed.Values(token));
            }
            else
            {
                Before.Forward(work.Hidden, work.Normed, token);
            }
        }
        part.Forward(step);
        for (int token = 0; token < step.Count; token++)
        {
            Behind?.Forward(work.Added, work.Added, token);
            float* hidden = work.Hidden.Pointer(token), added = work.Added.Pointer(token);
            for (int i = 0; i < work.Hidden.Length; i += 16)
            {
                (Vector512.Load(hidden + i) + Vector512.Load(added + i)).Store(hidden + i);
            }
            After?.Forward(work.Hidden, work.Hidden, token);
        }
    }

    public void Dispose() => part.Dispose();
}

/// <summary>A layer of a decoder, for tokens of one text: from the hidden state to the next one, in the workspace.</summary>
internal sealed class VectorLayer(params IReadOnlyList<VectorSublayer> parts) : IDisposable
{
    /// <inheritdoc cref="IVectorPart.Take"/>
    public void Take(LayerCache read, Tensor? seen)
    {
        foreach (VectorSublayer part in parts)
        {
            part.Take(read, seen);
        }
    }

    public void Forward(VectorStep step)
    {
        foreach (VectorSublayer part in parts)
        {
            part.Forward(step);
        }
    }

    public void Dispose()
    {
        foreach (VectorSublayer part in parts)
        {
            part.Dispose();
        }
    }
}
