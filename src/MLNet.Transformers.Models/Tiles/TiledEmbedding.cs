using MLNet.Transformers.Models.Runtime;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Tiles;

/// <summary>The sums of token, segment and position vectors, normalised.</summary>
/// <param name="tokens">A row for each token, float32, on the CPU; read where it lies.</param>
/// <param name="segments">A row for each segment.</param>
/// <param name="positions">A row for each position.</param>
/// <param name="readsSegments">False: all tokens are of the first segment, whatever the batch says.</param>
/// <param name="norm">Normalises the sums; owned from now on.</param>
internal sealed unsafe class TiledEmbedding(Tensor tokens, Tensor segments, Tensor positions, bool readsSegments, TiledNorm norm) : IDisposable
{
    private readonly Table _tokens = new(tokens);
    private readonly Table _segments = new(segments);
    private readonly Table _positions = new(positions);

    /// <param name="batch">Ids and segments, int64, (batch, tokens).</param>
    /// <param name="positions">int64, (batch or 1, tokens).</param>
    /// <param name="places">Which of the batch's tokens are read, counted row by row.</param>
    /// <param name="rows">Where the vectors go.</param>
    /// <param name="threads">How many threads may compute.</param>
    /// <returns>False where a table has no such row.</returns>
    public bool Embed(TokenBatch batch, Tensor positions, int[] places, TileRows rows, int threads)
    {
        using var scope = NewDisposeScope();
        long* ids = Values(batch.Ids), segments = readsSegments && batch.SegmentIds is { } given ? Values(given) : null, standing = Values(positions);
        long positionCount = positions.numel();
        for (int token = 0; token < places.Length; token++)
        {
            int place = places[token];
            float* row = rows.Row(token);
            long id = ids[place], segment = segments is null ? 0 : segments[place], position = standing[place % positionCount];
            if (!_tokens.Has(id) || !_segments.Has(segment) || !_positions.Has(position))
            {
                return false;
            }
            float* token0 = _tokens.Row(id), segment0 = _segments.Row(segment), position0 = _positions.Row(position);
            for (int i = 0; i < rows.Width; i++)
            {
                row[i] = token0[i] + segment0[i] + position0[i];
            }
        }
        norm.Run(rows, added: null, places.Length, threads);
        return true;
    }

    public void Dispose() => norm.Dispose();

    private static long* Values(Tensor numbers) => (long*)TensorMemory.Of(numbers.contiguous());

    private readonly struct Table
    {
        // Keeps the values where they are.
        private readonly Tensor _rows;
        private readonly float* _values;
        private readonly long _width;

        public Table(Tensor rows)
        {
            _rows = rows;
            _values = TensorMemory.Float32(rows);
            _width = rows.shape[1];
        }

        public bool Has(long row) => row >= 0 && row < _rows.shape[0];

        public float* Row(long row) => _values + (row * _width);
    }
}
