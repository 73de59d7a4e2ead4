using System.Text.Json;
using System.Text.Json.Nodes;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Glm.ChatGlm1;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Models;

/// <summary>
/// Eight sequences of different lengths for a network, as its config has them: with segments, an end token, and, for an encoder-decoder whose target
/// is not derived from its source, targets of other lengths behind a start token. ChatGLM-6B's begin with its start token, so that all is written and
/// nothing is text, which sees what follows.
/// </summary>
internal sealed class Samples
{
    public const int Longest = 19;

    private static readonly int[] _lengths = [5, 1, Longest, 7, 2, 11, 3, 7];
    private static readonly int[] _targetLengths = [4, 9, 2, 13, 1, 6, 8, 3];

    private readonly int _padding;

    public Samples(TaskModel model)
    {
        ModelConfig config = model.Config;
        _padding = config.PaddingId;
        int? end = config.Source["eos_token_id"] is JsonValue value && value.GetValueKind() == JsonValueKind.Number ? value.GetValue<int>() : null;
        int[] blanks = config is ChatGlm1Config chat ? [chat.StartId, chat.MaskId, chat.EndMaskId] : [];
        int[] special = [_padding, .. end is { } id ? [id] : Array.Empty<int>(), .. config.DecoderStartId is { } start ? [start] : Array.Empty<int>(), .. blanks];
        int[] words = [.. Enumerable.Range(0, config.VocabularySize).Except(special)];
        var random = new Random(3);
        Ids = Draw(_lengths);
        if (blanks.Length > 0)
        {
            foreach (int[] row in Ids)
            {
                row[0] = blanks[0];
            }
        }
        if (end is not null)
        {
            foreach (int[] row in Ids)
            {
                row[^1] = end.Value;
            }
        }
        Segments = config.HasSegments ? [.. Ids.Select(row => row.Select((_, i) => i * 2 / row.Length).ToArray())] : null;
        if (model.Backbone is IEncoderDecoder && model.Head is HeadKind.None or HeadKind.SequenceToSequence)
        {
            Targets = Draw(_targetLengths);
            foreach (int[] row in Targets)
            {
                row[0] = config.DecoderStartId!.Value;
            }
        }

        int[][] Draw(int[] lengths) => [.. lengths.Select(length => Enumerable.Range(0, length).Select(_ => words[random.Next(words.Length)]).ToArray())];
    }

    public int[][] Ids { get; }

    public int[][]? Segments { get; }

    public int[][]? Targets { get; }

    /// <summary>Rows for whose tokens there are outputs.</summary>
    public int[][] Read => Targets ?? Ids;

    /// <summary>All rows, padded on one side; what stands in the padding may be chosen.</summary>
    public TokenBatch All(bool left = false, int? filler = null) => new(
        Pad(Ids, left, filler ?? _padding), Segments is null ? null : Pad(Segments, left, filler is null ? 0 : 1), Mask(Ids, left))
    {
        Target = Targets is null ? null : new TokenBatch(Pad(Targets, left, filler ?? _padding), Mask: Mask(Targets, left)),
    };

    /// <summary>One row, without padding and mask.</summary>
    public TokenBatch One(int row) => new(Pad([Ids[row]], false, 0), Segments is null ? null : Pad([Segments[row]], false, 0))
    {
        Target = Targets is null ? null : new TokenBatch(Pad([Targets[row]], false, 0)),
    };

    public static Tensor Pad(int[][] rows, bool left, int filler)
    {
        int width = rows.Max(row => row.Length);
        return tensor([.. rows.SelectMany(row => Padded(row.Select(id => (long)id), width - row.Length, left, filler))], [rows.Length, width]);
    }

    public static Tensor Mask(int[][] rows, bool left)
    {
        int width = rows.Max(row => row.Length);
        return tensor([.. rows.SelectMany(row => Padded(row.Select(_ => true), width - row.Length, left, false))], [rows.Length, width]);
    }

    private static IEnumerable<T> Padded<T>(IEnumerable<T> row, int count, bool left, T filler)
    {
        IEnumerable<T> padding = Enumerable.Repeat(filler, count);
        return left ? padding.Concat(row) : row.Concat(padding);
    }
}
