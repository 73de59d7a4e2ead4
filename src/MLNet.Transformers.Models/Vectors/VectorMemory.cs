using MLNet.Transformers.Models.Runtime;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Vectors;

/// <summary>
/// The keys and values of the tokens that a layer has read. Keys lie with a token in each lane, values with a place of the head in each lane, so that
/// neither the scores nor their mean of values has sums across lanes.
/// </summary>
internal sealed unsafe class VectorMemory(int heads, int width) : IDisposable
{
    private const int Lanes = 16;
    private const int FirstRoom = 256;

    // Of a head, in whole vectors; what is behind is 0.
    private readonly int _wide = (width + Lanes - 1) / Lanes * Lanes;

    private NativeBuffer? _keys;
    private NativeBuffer? _values;
    private int _room;

    /// <summary>Tokens.</summary>
    public int Length { get; private set; }

    /// <summary>Takes over what was read of one text.</summary>
    /// <param name="read">Keys and values, (1, heads, tokens, width) each.</param>
    public void Take((Tensor Keys, Tensor Values) read)
    {
        using var scope = NewDisposeScope();
        (Tensor keys, Tensor values) = read;
        int tokens = (int)keys.shape[2];
        Reserve(tokens);
        // (heads, width, tokens) and (heads, tokens, width)
        Copy(keys.select(0, 0).transpose(1, 2), (head, place) => Keys(head) + ((long)place * _room));
        Copy(values.select(0, 0), (head, token) => Values(head) + ((long)token * _wide));
        Length = tokens;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Append(ReadOnlySpan<float> key, ReadOnlySpan<float> value)
    {
        Reserve(Length + 1);
        for (int head = 0; head < heads; head++)
        {
            float* keys = Keys(head) + Length;
            for (int i = 0; i < width; i++)
            {
                keys[(long)i * _room] = key[(head * width) + i];
            }
            value.Slice(head * width, width).CopyTo(new Span<float>(Values(head) + ((long)Length * _wide), width));
        }
        Length++;
    }

    /// <summary>softmax(q·kᵀ · scale)·v of one head.</summary>
    /// <param name="query">The head's query.</param>
    /// <param name="head">Which keys and values it reads.</param>
    /// <param name="seen">How many of the tokens are seen, from the first on.</param>
    /// <param name="scale">Factor on the scores.</param>
    /// <param name="added">What is added to the scores, a value a token with room for whole vectors; null: nothing.</param>
    /// <param name="scores">Room for a score a token, in whole vectors.</param>
    /// <param name="result">The head's mean of values.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Attend(float* query, int head, int seen, float scale, float* added, float* scores, float* result)
    {
        float* keys = Keys(head), values = Values(head);
        Vector512<float> most = Vector512.Create(float.NegativeInfinity);
        Vector512<int> lanes = Vector512<int>.Indices;
        for (int token = 0; token < seen; token += Lanes)
        {
            Vector512<float> score = VectorSum.Weighted(query, width, keys + token, _room) * Vector512.Create(scale);
            if (added is not null)
            {
                score += Vector512.Load(added + token);
            }
            // Behind the last token there is none.
            score = Vector512.ConditionalSelect(
                Vector512.LessThan(lanes + Vector512.Create(token), Vector512.Create(seen)).AsSingle(), score, Vector512.Create(float.NegativeInfinity));
            score.Store(scores + token);
            most = Vector512.Max(most, score);
        }
        float highest = float.NegativeInfinity;
        for (int lane = 0; lane < Lanes; lane++)
        {
            highest = Math.Max(highest, most[lane]);
        }
        Vector512<float> sum = default;
        for (int token = 0; token < seen; token += Lanes)
        {
            Vector512<float> share = Exponential.Of(Vector512.Load(scores + token) - Vector512.Create(highest));
            share.Store(scores + token);
            sum += share;
        }
        float whole = 1 / Vector512.Sum(sum);
        for (int place = 0; place < _wide; place += Lanes)
        {
            Vector512<float> mean = VectorSum.Weighted(scores, seen, values + place, _wide) * Vector512.Create(whole);
            if (place + Lanes <= width)
            {
                mean.Store(result + place);
            }
            else
            {
                for (int lane = 0; place + lane < width; lane++)
                {
                    result[place + lane] = mean[lane];
                }
            }
        }
    }

    public void Dispose()
    {
        _keys?.Dispose();
        _values?.Dispose();
    }

    /// <summary>Floats that <see cref="Attend"/> needs for its scores.</summary>
    public int ScoreRoom => (Length + Lanes - 1) / Lanes * Lanes;

    private float* Keys(int head) => (float*)_keys!.Pointer + ((long)head * _wide * _room);

    private float* Values(int head) => (float*)_values!.Pointer + ((long)head * _wide * _room);

    // A text may become as long as the network allows, but few do.
    private void Reserve(int tokens)
    {
        if (tokens <= _room)
        {
            return;
        }
        (NativeBuffer? keys, NativeBuffer? values, int room) = (_keys, _values, _room);
        int wanted = (int)Math.Max(FirstRoom, System.Numerics.BitOperations.RoundUpToPowerOf2((uint)tokens + 1));
        long bytes = (long)heads * _wide * wanted * sizeof(float);
        var newKeys = new NativeBuffer(bytes);
        (_keys, _values, _room) = (newKeys, new NativeBuffer(bytes), wanted);
        if (keys is null || values is null)
        {
            return;
        }
        for (int line = 0; line < heads * _wide; line++)
        {
            new Span<float>((float*)keys.Pointer + ((long)line * room), Length).CopyTo(new Span<float>((float*)_keys.Pointer + ((long)line * _room), Length));
        }
        for (int head = 0; head < heads; head++)
        {
            new Span<float>((float*)values.Pointer + ((long)head * _wide * room), _wide * Length).CopyTo(new Span<float>(Values(head), _wide * Length));
        }
        keys.Dispose();
        values.Dispose();
    }

    private delegate float* Line(int head, int line);

    private static void Copy(Tensor lines, Line target)
    {
        using Tensor plain = lines.to(ScalarType.Float32).contiguous();
        (int heads, int count, int length) = ((int)plain.shape[0], (int)plain.shape[1], (int)plain.shape[2]);
        float* from = TensorMemory.Float32(plain);
        for (int head = 0; head < heads; head++)
        {
            for (int line = 0; line < count; line++, from += length)
            {
                new Span<float>(from, length).CopyTo(new Span<float>(target(head, line), length));
            }
        }
    }
}
