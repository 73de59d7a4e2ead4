using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;

namespace MLNet.Transformers.Models.Tiles;

/// <summary>softmax(q·kᵀ · scale)·v of tokens that see all tokens of their own sequence; a piece of work is a head of a sequence.</summary>
/// <param name="shape">Number and widths of the heads.</param>
/// <param name="scale">Factor on the scores.</param>
/// <param name="starts">Where each sequence begins, and behind the last one the number of all tokens.</param>
/// <param name="queries">The same of the queries: which are those of all tokens, or fewer.</param>
/// <param name="work">Queries, keys and values; what they attend to comes there, too.</param>
internal sealed unsafe class TiledAttention(AttentionShape shape, float scale, int[] starts, int[] queries, TileWorkspace work) : IPieces
{
    // Queries whose scores are computed at once: few enough that the scores stay in the cache.
    private const int Queries = 24;

    [ThreadStatic]
    private static NativeBuffer? _scratch;

    public void Run(int threads) => WorkTeam.Run(this, (starts.Length - 1) * shape.Heads, threads);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Do(int piece)
    {
        (int sequence, int head) = Math.DivRem(piece, shape.Heads);
        int first = starts[sequence], tokens = starts[sequence + 1] - first, width = shape.HeadWidth, place = head * width;
        int columns = (tokens + Tile.Lanes - 1) / Tile.Lanes * Tile.Lanes, wide = (width + Tile.Lanes - 1) / Tile.Lanes * Tile.Lanes;
        float* keys = Scratch(((long)width * columns) + (Queries * (columns + wide))), scores = keys + ((long)width * columns), means = scores + (Queries * columns);
        Transpose(work.Key.Row(first) + place, work.Key.Stride, tokens, width, keys, columns);
        for (int query = queries[sequence]; query < queries[sequence + 1]; query += Queries)
        {
            int count = Math.Min(Queries, queries[sequence + 1] - query);
            float* result = work.Attended.Row(query) + place;
            Multiply(work.Query.Row(query) + place, work.Query.Stride, keys, columns, width, count, columns, scores, columns);
            for (int row = 0; row < count; row++)
            {
                Softmax(scores + (row * columns), tokens);
            }
            // A head that ends within a vector would be written over the next one's beginning.
            bool whole = wide == width;
            Multiply(
                scores, columns, work.Value.Row(first) + place, work.Value.Stride, tokens, count, wide, whole ? result : means, whole ? work.Attended.Stride : wide);
            for (int row = 0; !whole && row < count; row++)
            {
                new Span<float>(means + (row * wide), width).CopyTo(new Span<float>(result + ((long)row * work.Attended.Stride), width));
            }
        }
    }

    // Products with as many panels as the columns take.
    private static void Multiply(float* a, long aRow, float* b, long bRow, int length, int rows, int columns, float* c, long cRow)
    {
        for (int column = 0; column < columns; column += Tile.Columns)
        {
            Tile.Multiply(a, aRow, b + column, bRow, length, rows, Math.Min(Tile.Columns, columns - column) / Tile.Lanes, c + column, cRow);
        }
    }

    private static void Transpose(float* rows, int stride, int count, int width, float* columns, int columnStride)
    {
        for (int i = 0; i < width; i++)
        {
            float* to = columns + ((long)i * columnStride);
            for (int row = 0; row < count; row++)
            {
                to[row] = rows[((long)row * stride) + i];
            }
            new Span<float>(to + count, columnStride - count).Clear();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Softmax(float* scores, int count)
    {
        Vector512<float> most = Vector512.Create(float.NegativeInfinity), factor = Vector512.Create(scale), sum = default;
        Vector512<int> lanes = Vector512<int>.Indices;
        for (int i = 0; i < count; i += Tile.Lanes)
        {
            Vector512<float> score = Vector512.Load(scores + i) * factor;
            // Behind the last token there is none.
            score = Vector512.ConditionalSelect(
                Vector512.LessThan(lanes + Vector512.Create(i), Vector512.Create(count)).AsSingle(), score, Vector512.Create(float.NegativeInfinity));
            score.Store(scores + i);
            most = Vector512.Max(most, score);
        }
        float highest = float.NegativeInfinity;
        for (int lane = 0; lane < Tile.Lanes; lane++)
        {
            highest = Math.Max(highest, most[lane]);
        }
        for (int i = 0; i < count; i += Tile.Lanes)
        {
            Vector512<float> share = Exponential.Of(Vector512.Load(scores + i) - Vector512.Create(highest));
            share.Store(scores + i);
            sum += share;
        }
        Vector512<float> whole = Vector512.Create(1 / Vector512.Sum(sum));
        for (int i = 0; i < count; i += Tile.Lanes)
        {
            (Vector512.Load(scores + i) * whole).Store(scores + i);
        }
    }

    private static float* Scratch(long values)
    {
        long bytes = (values + Tile.Columns) * sizeof(float);
        if (_scratch is null || _scratch.Bytes < bytes)
        {
            _scratch?.Dispose();
            _scratch = new NativeBuffer(bytes);
        }
        return (float*)_scratch.Pointer;
    }
}
