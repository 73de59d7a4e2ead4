using Microsoft.ML;

namespace MLNet.Transformers.Interop;

/// <summary>The inputs of a number of rows and, after <see cref="Run"/>, their outputs. One per cursor or prediction engine, never shared between threads.</summary>
internal abstract class RowBatch : IDisposable
{
    /// <summary>Takes the getters that it needs from the upstream row.</summary>
    public abstract void Bind(DataViewRow input);

    /// <summary>Reads the upstream row's inputs into a slot.</summary>
    public abstract void Read(int slot);

    /// <summary>Computes the outputs of the slots 0 to <paramref name="count"/> - 1.</summary>
    public abstract void Run(int count);

    /// <summary>A <see cref="ValueGetter{T}"/> of an output.</summary>
    /// <param name="output">Number of the output, from 0.</param>
    /// <param name="slot">Gives the current slot, and makes sure that <see cref="Run"/> has happened.</param>
    public abstract Delegate Getter(int output, Func<int> slot);

    /// <summary>
    /// Called once, when the cursor or the row is disposed. ML.NET's prediction engines never dispose the row that they read: what a batch of
    /// theirs holds must also be freed by being unreachable.
    /// </summary>
    public virtual void Dispose()
    {
    }
}
