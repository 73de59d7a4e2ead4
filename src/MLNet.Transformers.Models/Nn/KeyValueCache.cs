using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Nn;

/// <summary>
/// Keys and values of the tokens that a decoder has read, so that each further token is computed alone. Memory is taken once, at the first use; the
/// cache outlives dispose scopes until it is disposed.
/// </summary>
internal sealed class KeyValueCache : IDisposable
{
    private readonly LayerCache[] _layers;

    /// <param name="layers">Layers of the decoder.</param>
    /// <param name="capacity">Most tokens of a row, prompt included.</param>
    public KeyValueCache(int layers, long capacity) => _layers = [.. Enumerable.Range(0, layers).Select(_ => new LayerCache(capacity))];

    /// <summary>Tokens of each row that every layer holds.</summary>
    public long Length => _layers[^1].Length;

    public LayerCache this[int layer] => _layers[layer];

    /// <summary>Keeps some rows, in a given order; a row may be taken several times, as beams do.</summary>
    /// <param name="rows">Row numbers, int64, (new rows).</param>
    public void Select(Tensor rows)
    {
        foreach (LayerCache layer in _layers)
        {
            layer.Select(rows);
        }
    }

    /// <summary>As <see cref="Select"/>, where each new row reads the same source as the row in its place did: the source's keys stay.</summary>
    /// <param name="rows">As many row numbers as there are rows.</param>
    public void SelectTarget(Tensor rows)
    {
        foreach (LayerCache layer in _layers)
        {
            layer.SelectTarget(rows);
        }
    }

    public void Dispose()
    {
        foreach (LayerCache layer in _layers)
        {
            layer.Dispose();
        }
    }
}
