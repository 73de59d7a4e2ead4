using System.Runtime.InteropServices;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Vectors;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Generation;

/// <summary>
/// The network's side of generation: rows of ids that grow token by token, and the scores of the next one. Rows are of equal length, padding stands on
/// the left. Its tensors outlive dispose scopes until it is disposed.
/// </summary>
internal abstract class GenerationSession : IDisposable
{
    private readonly HeldTensor _ids;
    private readonly HeldTensor _positions;
    private readonly GrowingMask? _mask;
    private readonly long _capacity;
    private readonly bool _isCached;
    private KeyValueCache? _cache;
    private VectorDecoder? _vectors;
    private bool _hasVectors = true;

    /// <param name="model">A network with a language-model head, in eval mode.</param>
    /// <param name="prompt">What the decoder reads first.</param>
    /// <param name="capacity">Most tokens of a row, prompt included.</param>
    /// <param name="cached">Whether keys and values of read tokens are kept; else every step computes all of them again.</param>
    protected GenerationSession(TaskModel model, TokenBatch prompt, long capacity, bool cached)
    {
        (Model, _capacity, _isCached) = (model, capacity, cached);
        // What is packed reads one text alone, from the first token on.
        bool readsPacked = model.IsPacked && cached && prompt.Size == 1;
        // What can fail comes before anything outlives the caller's dispose scope.
        Tensor positions = model.Backbone.PositionsOf(prompt), ids = prompt.Ids.clone();
        positions = positions.expand([prompt.Size, .. positions.shape[1..]]).clone();
        _mask = GrowingMask.Of(model.Backbone.MaskOf(prompt));
        (_ids, _positions) = (new HeldTensor(ids), new HeldTensor(positions));
        try
        {
            _vectors = readsPacked && _mask is null ? VectorDecoder.Begin(model, read: null) : null;
            if (_vectors is null)
            {
                OpenCache();
            }
        }
        catch
        {
            _ids.Dispose();
            _positions.Dispose();
            _mask?.Dispose();
            throw;
        }
    }

    /// <summary>Sequences that are being written.</summary>
    public long Rows => _ids.Value.shape[0];

    /// <summary>Tokens of each row, prompt and padding included.</summary>
    public long Length => _ids.Value.shape[1];

    /// <summary>What was read and written so far; good until the session changes.</summary>
    public DecodedTokens Tokens => new(_ids.Value, _mask?.Seen, SourceIds, SourceSeen);

    protected TaskModel Model { get; }

    protected virtual Tensor? SourceIds => null;

    protected virtual Tensor? SourceSeen => null;

    /// <summary>Whether tokens of the source are hidden in a way that <see cref="SourceSeen"/> does not tell.</summary>
    protected virtual bool HidesSource => false;

    /// <summary>Scores of the next token; only the last place goes through the head.</summary>
    /// <returns>float32, (rows, vocabulary).</returns>
    public Tensor Scores()
    {
        if (Vectors() is { } vectors)
        {
            return Scores(vectors);
        }
        long read = _cache?.Length ?? 0;
        long count = Length - read;
        var batch = new TokenBatch(
            _ids.Value.narrow(1, read, count), Mask: _mask?.Of(read, count), Positions: _positions.Value.narrow(-1, read, count)) { Cache = _cache };
        Tensor hidden = Decode(batch); // (rows, count, hidden)
        Tensor logits = Model.Score(new BackboneOutput(hidden.narrow(1, count - 1, 1))).Logits;
        return logits.select(1, 0).to(ScalarType.Float32);
    }

    /// <summary>Writes one more token in each row.</summary>
    /// <param name="tokens">int64, (rows).</param>
    public void Append(Tensor tokens)
    {
        Tensor positions = _positions.Value;
        Tensor next = Model.Backbone.PositionsAfter(positions);
        _positions.Replace(cat([positions, next], -1));
        _ids.Replace(cat([_ids.Value, tokens.unsqueeze(1)], 1));
        _mask?.Grow();
    }

    /// <summary>Keeps some rows, in a given order; a row may be taken several times.</summary>
    /// <param name="rows">Row numbers, int64, (new rows).</param>
    /// <param name="sameSources">Whether each new row reads the same source as the row that stood in its place, so that only the target moves.</param>
    public void Select(Tensor rows, bool sameSources = false)
    {
        if (_vectors is not null && rows.shape[0] != 1)
        {
            // One text becomes several: the network reads them, from the beginning.
            _vectors.Dispose();
            _vectors = null;
            OpenCache();
        }
        _ids.Select(rows);
        _positions.Select(rows);
        _mask?.Select(rows);
        if (sameSources)
        {
            _cache?.SelectTarget(rows);
        }
        else
        {
            _cache?.Select(rows);
            SelectSources(rows);
        }
    }

    public virtual void Dispose()
    {
        _ids.Dispose();
        _positions.Dispose();
        _mask?.Dispose();
        _cache?.Dispose();
        _vectors?.Dispose();
    }

    /// <summary>The decoder's vectors of a batch, (rows, tokens, hidden).</summary>
    protected abstract Tensor Decode(TokenBatch batch);

    protected virtual void SelectSources(Tensor rows)
    {
    }

    private void OpenCache()
    {
        Model.Unpack();
        _cache ??= _isCached ? new KeyValueCache(Model.Backbone.CachedLayers, _capacity) : null;
    }

    // Once the prompt is read, of one text that sees all that stands before, as long as it goes on alone.
    private VectorDecoder? Vectors()
    {
        if (_vectors is null && _hasVectors && Rows == 1 && _mask is null && _cache is { Length: > 0 } cache && Length == cache.Length + 1)
        {
            Tensor? seen = SourceSeen is { } mask ? mask.squeeze(0).nonzero().squeeze(1) : null;
            _vectors = HidesSource || seen?.numel() == 0 ? null : VectorDecoder.Begin(Model, cache, seen);
            _hasVectors = _vectors is not null;
            if (_hasVectors)
            {
                // They have taken it over.
                cache.Dispose();
                _cache = null;
            }
        }
        return _vectors;
    }

    private Tensor Scores(VectorDecoder vectors)
    {
        long count = Length - vectors.Length;
        if (count < 1)
        {
            throw new InvalidOperationException("There is no token that was not read yet.");
        }
        ReadOnlySpan<float> scores = vectors.Read(Last(_ids.Value, count), Last(_positions.Value, count));
        Tensor result = empty([1, scores.Length], ScalarType.Float32);
        scores.CopyTo(MemoryMarshal.Cast<byte, float>(result.bytes));
        return result;
    }

    private static long[] Last(Tensor row, long count)
    {
        using Tensor last = row.narrow(-1, row.shape[^1] - count, count).contiguous();
        return last.data<long>().ToArray();
    }
}
