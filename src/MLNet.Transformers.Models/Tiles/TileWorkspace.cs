using MLNet.Transformers.Models.Nn;

namespace MLNet.Transformers.Models.Tiles;

/// <summary>What the layers of an encoder hand on while they read a batch; each finds its input in <see cref="Hidden"/>, and leaves its output there.</summary>
internal sealed class TileWorkspace(int hidden, AttentionShape shape, int inner) : IDisposable
{
    private TileRows[] All => [Hidden, Added, Query, Key, Value, Attended, Inner];

    public TileRows Hidden { get; } = new(hidden);

    /// <summary>What a part of a layer adds.</summary>
    public TileRows Added { get; } = new(hidden);

    public TileRows Query { get; } = new((int)shape.QueryWidth);

    public TileRows Key { get; } = new((int)shape.KeyWidth);

    public TileRows Value { get; } = new((int)shape.KeyWidth);

    public TileRows Attended { get; } = new((int)shape.QueryWidth);

    /// <summary>Inside of the feed-forward part.</summary>
    public TileRows Inner { get; } = new(inner);

    /// <summary>Makes room for tokens.</summary>
    public void Reserve(int tokens)
    {
        foreach (TileRows rows in All)
        {
            rows.Reserve(tokens);
        }
    }

    public void Dispose()
    {
        foreach (TileRows rows in All)
        {
            rows.Dispose();
        }
    }
}
