using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Vectors;

namespace MLNet.Transformers.Models.Tiles;

/// <summary>A layer of an encoder that is normalised behind each part, for the tokens of a batch without padding: from hidden states to the next ones, in the workspace.</summary>
/// <param name="Shape">Number and widths of the heads.</param>
/// <param name="Query">The projections of the attention.</param>
/// <param name="Key"/>
/// <param name="Value"/>
/// <param name="Output"/>
/// <param name="AttentionNorm">Normalises what the attention's output is added to.</param>
/// <param name="Up">The feed-forward part.</param>
/// <param name="Activation"/>
/// <param name="Down"/>
/// <param name="Norm">Normalises what the feed-forward part's output is added to.</param>
internal sealed record TiledLayer(
    AttentionShape Shape, TiledMatrix Query, TiledMatrix Key, TiledMatrix Value, TiledMatrix Output, TiledNorm AttentionNorm,
    TiledMatrix Up, VectorActivation Activation, TiledMatrix Down, TiledNorm Norm) : IDisposable
{
    /// <param name="work">Where the tokens are.</param>
    /// <param name="starts">Where each sequence begins, and behind the last one the number of all tokens.</param>
    /// <param name="firstOnly">Whether only the first token of each sequence goes on: they then stand one behind the other. No sequence is empty.</param>
    /// <param name="threads">How many threads may compute.</param>
    public void Forward(TileWorkspace work, int[] starts, bool firstOnly, int threads)
    {
        int[] queries = starts;
        if (firstOnly)
        {
            new TiledProducts(work.Hidden, activation: null, (Key, work.Key), (Value, work.Value)).Run(starts[^1], threads);
            work.Hidden.Gather(starts.AsSpan(..^1));
            queries = [.. Enumerable.Range(0, starts.Length)];
            new TiledProducts(work.Hidden, activation: null, (Query, work.Query)).Run(queries[^1], threads);
        }
        else
        {
            new TiledProducts(work.Hidden, activation: null, (Query, work.Query), (Key, work.Key), (Value, work.Value)).Run(starts[^1], threads);
        }
        new TiledAttention(Shape, (float)(1 / Math.Sqrt(Shape.HeadWidth)), starts, queries, work).Run(threads);
        int tokens = queries[^1];
        new TiledProducts(work.Attended, activation: null, (Output, work.Added)).Run(tokens, threads);
        AttentionNorm.Run(work.Hidden, work.Added, tokens, threads);
        new TiledProducts(work.Hidden, Activation, (Up, work.Inner)).Run(tokens, threads);
        new TiledProducts(work.Inner, activation: null, (Down, work.Added)).Run(tokens, threads);
        Norm.Run(work.Hidden, work.Added, tokens, threads);
    }

    public void Dispose()
    {
        foreach (TiledMatrix matrix in new[] { Query, Key, Value, Output, Up, Down })
        {
            matrix.Dispose();
        }
        AttentionNorm.Dispose();
        Norm.Dispose();
    }
}
