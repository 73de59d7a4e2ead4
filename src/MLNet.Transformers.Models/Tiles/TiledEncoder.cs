using System.Collections.Concurrent;
using System.Runtime.Intrinsics;
using MLNet.Transformers.Models.Runtime;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Tiles;

/// <summary>
/// An encoder that predicts without libtorch: the tokens of all sequences stand one behind the other, so that nothing is computed for padding, and products,
/// attention and normalisation are done by the team of threads that also writes texts. libtorch's threads wait for one another in each of a layer's dozen
/// steps, and where several threads of a program call it, they fall asleep while they wait.
/// </summary>
/// <param name="layers">The layers.</param>
/// <param name="embedding">Puts the vectors of tokens where the first layer reads.</param>
/// <param name="workspace">Makes room for a batch.</param>
internal sealed unsafe class TiledEncoder(IReadOnlyList<TiledLayer> layers, TiledEmbedding embedding, Func<TileWorkspace> workspace) : IDisposable
{
    // Several threads may predict at once.
    private readonly ConcurrentBag<TileWorkspace> _idle = [];

    /// <summary>Whether this processor has the vectors that make it worth while.</summary>
    public static bool IsSupported => Vector512.IsHardwareAccelerated;

    /// <summary>The vectors of the tokens of a batch.</summary>
    /// <param name="batch">On the CPU; what is padding is 0 in its mask, (batch, tokens), or there is none.</param>
    /// <param name="positions">Of the tokens, int64, (batch or 1, tokens).</param>
    /// <returns>
    /// (batch, tokens, hidden), float32; 0 where there is padding. Null where an id, a segment or a position is none of the tables': libtorch says so best.
    /// </returns>
    public Tensor? Encode(TokenBatch batch, Tensor positions) => Encode(batch, positions, firstOnly: false);

    /// <summary>The vector of the first token of each sequence, for which the last layer computes no other one.</summary>
    /// <param name="batch">As <see cref="Encode(TokenBatch, Tensor)"/> takes it.</param>
    /// <param name="positions">As there.</param>
    /// <returns>(batch, hidden). Null also where a sequence has no token.</returns>
    public Tensor? EncodeFirst(TokenBatch batch, Tensor positions) => Encode(batch, positions, firstOnly: true);

    public void Dispose()
    {
        foreach (TiledLayer layer in layers)
        {
            layer.Dispose();
        }
        embedding.Dispose();
        while (_idle.TryTake(out TileWorkspace? work))
        {
            work.Dispose();
        }
    }

    private Tensor? Encode(TokenBatch batch, Tensor positions, bool firstOnly)
    {
        if (!_idle.TryTake(out TileWorkspace? work))
        {
            work = workspace();
        }
        try
        {
            return Encode(batch, positions, firstOnly, work);
        }
        finally
        {
            _idle.Add(work);
        }
    }

    private Tensor? Encode(TokenBatch batch, Tensor positions, bool firstOnly, TileWorkspace work)
    {
        (int rows, int columns) = ((int)batch.Size, (int)batch.Length);
        int[] places = Places(batch.Mask, rows, columns, out int[] starts);
        if (firstOnly && Enumerable.Range(0, rows).Any(row => starts[row] == starts[row + 1]))
        {
            return null;
        }
        work.Reserve(places.Length);
        int threads = ComputeThreads.Adjust();
        if (!embedding.Embed(batch, positions, places, work.Hidden, threads))
        {
            return null;
        }
        for (int layer = 0; layer < layers.Count; layer++)
        {
            layers[layer].Forward(work, starts, firstOnly && layer == layers.Count - 1, threads);
        }
        if (firstOnly)
        {
            return Copy(work.Hidden, [.. Enumerable.Range(0, rows)], empty(rows, work.Hidden.Width));
        }
        long[] shape = [rows, columns, work.Hidden.Width];
        return Copy(work.Hidden, places, places.Length == rows * columns ? empty(shape) : zeros(shape));
    }

    // Copies rows to their places in a tensor of as wide rows.
    private static Tensor Copy(TileRows rows, int[] places, Tensor result)
    {
        if (places.Length == 0)
        {
            return result;
        }
        float* to = TensorMemory.Float32(result);
        for (int row = 0; row < places.Length; row++)
        {
            new Span<float>(rows.Row(row), rows.Width).CopyTo(new Span<float>(to + ((long)places[row] * rows.Width), rows.Width));
        }
        return result;
    }

    // Where the tokens that are no padding stand, counted row by row.
    private static int[] Places(Tensor? mask, int rows, int columns, out int[] starts)
    {
        starts = new int[rows + 1];
        if (mask is null)
        {
            for (int row = 0; row <= rows; row++)
            {
                starts[row] = row * columns;
            }
            return [.. Enumerable.Range(0, rows * columns)];
        }
        using Tensor seen = mask.ne(Number(0)).contiguous();
        var values = new ReadOnlySpan<byte>(TensorMemory.Of(seen), rows * columns);
        var places = new List<int>(rows * columns);
        for (int row = 0; row < rows; row++)
        {
            for (int place = row * columns; place < (row + 1) * columns; place++)
            {
                if (values[place] != 0)
                {
                    places.Add(place);
                }
            }
            starts[row + 1] = places.Count;
        }
        return [.. places];
    }
}
