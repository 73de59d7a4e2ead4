using MLNet.Transformers.Training;

namespace MLNet.Transformers.Pretraining;

/// <summary>
/// Which documents are held out, told one after the other, however many there will be: of each stretch of 1 / share documents one that the seed draws.
/// </summary>
/// <param name="share">0 to 0.5.</param>
/// <param name="seed">Decides which.</param>
internal sealed class HeldOutDocuments(double share, int seed)
{
    private readonly Random _random = RandomState.OfHeldOutRows(seed);
    private long _document = -1;
    private long _held = -1;
    private long _next = -1;

    public double Share => share;

    /// <summary>Whether the next document is.</summary>
    public bool Next()
    {
        _document++;
        while (share > 0 && _next < _document)
        {
            _held++;
            _next = (long)((_held + _random.NextDouble()) / share);
        }
        return _next == _document;
    }
}
