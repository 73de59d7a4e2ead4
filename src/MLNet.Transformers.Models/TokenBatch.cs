using MLNet.Transformers.Models.Losses;
using MLNet.Transformers.Models.Nn;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models;

/// <summary>Sequences of token ids as a network reads them. What is not given is derived by the backbone.</summary>
/// <param name="Ids">Token ids, int64, (batch, tokens).</param>
/// <param name="SegmentIds">0 for the first text and 1 for the second, int64, (batch, tokens); null: all 0.</param>
/// <param name="Mask">
/// What is seen. (batch, tokens): 1 = a token, 0 = padding, on either side. (batch): of each row, the number of tokens in front that all tokens see,
/// while the others see what stands before them. (batch, queries, keys) or (batch, 1, queries, keys): 1 = the query sees the key; nothing is added
/// to it. Null: every token is there.
/// </param>
/// <param name="Positions">
/// Index of each token in its sequence, int64, (batch, tokens); (batch, 2, tokens) for networks with a second position inside of a filled blank.
/// Null: counted from the first token that is no padding.
/// </param>
public sealed record TokenBatch(Tensor Ids, Tensor? SegmentIds = null, Tensor? Mask = null, Tensor? Positions = null)
{
    /// <summary>What the decoder of an encoder-decoder reads; null: derived from <see cref="Ids"/> where the architecture says how.</summary>
    public TokenBatch? Target { get; init; }

    /// <summary>
    /// Of a decoder, what it has read before: the tokens of this batch follow it, and are added to it. <see cref="Mask"/> then covers what is in the
    /// cache too, (batch, cached + tokens), and <see cref="Positions"/> are given.
    /// </summary>
    internal KeyValueCache? Cache { get; init; }

    /// <summary>Where given, what goes into each layer is added to it, (batch, tokens, hidden).</summary>
    internal List<Tensor>? HiddenStates { get; init; }

    /// <summary>
    /// Tokens that a head over tokens is to score, by their index in <see cref="Ids"/> read row by row, int64, (scored tokens): its scores then are
    /// (scored tokens, classes). Null: all.
    /// </summary>
    internal Tensor? Scored { get; init; }

    /// <summary>Whether anything reads what the network gives for padding. False: it need not be computed, and may be 0.</summary>
    internal bool ReadsPadding { get; init; } = true;

    /// <summary>Number of sequences.</summary>
    public long Size => Ids.shape[0];

    /// <summary>Tokens of each sequence, padding included.</summary>
    public long Length => Ids.shape[1];

    /// <summary>Pads token sequences on the right to the longest of them.</summary>
    /// <param name="ids">Token ids of each sequence, at least one sequence.</param>
    /// <param name="segmentIds">Segment ids of each sequence, or null where the network has none.</param>
    /// <param name="padding">The id that fills the rows.</param>
    /// <param name="device">Where the tensors are to lie; null: CPU.</param>
    public static TokenBatch Pad(
        IReadOnlyList<int[]> ids, IReadOnlyList<int[]>? segmentIds, int padding, Device? device = null)
    {
        int rows = ids.Count;
        int width = Math.Max(1, ids.Max(row => row.Length));
        bool even = ids.All(row => row.Length == width);
        var idValues = new long[rows * width];
        var segmentValues = segmentIds is null ? null : new long[rows * width];
        var maskValues = even ? null : new bool[rows * width];
        if (padding != 0)
        {
            Array.Fill(idValues, padding);
        }
        for (int row = 0; row < rows; row++)
        {
            Widen(ids[row], idValues.AsSpan(row * width));
            if (segmentValues is not null)
            {
                Widen(segmentIds![row], segmentValues.AsSpan(row * width));
            }
            maskValues?.AsSpan(row * width, ids[row].Length).Fill(true);
        }
        return new TokenBatch(
            tensor(idValues, [rows, width], device: device),
            segmentValues is null ? null : tensor(segmentValues, [rows, width], device: device),
            maskValues is null ? null : tensor(maskValues, [rows, width], device: device));
    }

    /// <summary>What a decoder reads to predict labels: they, moved one to the right behind a start token; labels that do not count become padding.</summary>
    /// <param name="labels">Token ids, int64, (batch, tokens); <see cref="LossTerm.Ignored"/> marks those that do not count.</param>
    /// <param name="start">The id that stands in front (<c>decoder_start_token_id</c>).</param>
    /// <param name="padding">The id of padding.</param>
    internal static TokenBatch ShiftRight(Tensor labels, int start, int padding)
    {
        Tensor first = full([labels.shape[0], 1], Number(start), labels.dtype, labels.device);
        Tensor rest = labels.narrow(1, 0, labels.shape[1] - 1);
        return new TokenBatch(cat([first, rest.masked_fill(rest.eq(Number(LossTerm.Ignored)), Number(padding))], 1));
    }

    /// <summary>
    /// What a decoder reads of the source itself, as the classifiers on encoder-decoders do: its tokens, moved one to the right behind a start token.
    /// Padding on the left stays on the left, and is not seen; no token sees padding on the right.
    /// </summary>
    /// <param name="start">The id that stands in front (<c>decoder_start_token_id</c>).</param>
    /// <param name="padding">The id of padding.</param>
    internal TokenBatch AsTarget(int start, int padding)
    {
        TokenBatch shifted = ShiftRight(Ids, start, padding) with { HiddenStates = HiddenStates };
        if (Mask is not { } mask || mask.dim() != 2)
        {
            return shifted;
        }
        Tensor begun = mask.ne(Number(0)).cumsum(1).gt(Number(0));
        if (begun.select(1, 0).all().item<bool>())
        {
            return shifted;
        }
        return shifted with { Ids = shifted.Ids.masked_fill(begun.cumsum(1).eq(Number(1)), Number(start)), Mask = begun };
    }

    private static void Widen(int[] from, Span<long> to)
    {
        for (int i = 0; i < from.Length; i++)
        {
            to[i] = from[i];
        }
    }
}
