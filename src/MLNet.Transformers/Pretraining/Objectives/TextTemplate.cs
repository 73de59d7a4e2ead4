using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Pretraining;

/// <summary>The special tokens that a tokenizer puts around a text, or around and between two, for texts that are tokens already.</summary>
internal sealed class TextTemplate
{
    private readonly bool _segments;
    private readonly int[] _segmentIds;

    private TextTemplate(TokenEncoding shown, bool segments)
    {
        int first = Array.IndexOf(shown.SequenceIds, 0), behindFirst = Array.LastIndexOf(shown.SequenceIds, 0) + 1;
        int second = Array.IndexOf(shown.SequenceIds, 1), behindSecond = Array.LastIndexOf(shown.SequenceIds, 1) + 1;
        Front = shown.Ids[..first];
        Between = second < 0 ? [] : shown.Ids[behindFirst..second];
        Behind = shown.Ids[Math.Max(behindFirst, behindSecond)..];
        _segments = segments;
        int[] at = [0, first, behindFirst, Math.Max(second, 0), shown.Length - 1];
        _segmentIds = [.. at.Select(place => shown.TypeIds[Math.Min(place, shown.Length - 1)])];
    }

    /// <summary>What stands before the first text.</summary>
    public int[] Front { get; }

    /// <summary>What stands between two.</summary>
    public int[] Between { get; }

    /// <summary>What stands behind the last.</summary>
    public int[] Behind { get; }

    /// <summary>How many tokens are added.</summary>
    public int Length => Front.Length + Between.Length + Behind.Length;

    public static TextTemplate OfText(TextEncoder tokenizer, ModelConfig config) => new(tokenizer.Encode("a"), config.HasSegments);

    public static TextTemplate OfPair(TextEncoder tokenizer, ModelConfig config) => new(tokenizer.Encode("a", "a"), config.HasSegments);

    /// <summary>A sequence of one text.</summary>
    public TokenSequence Around(int[] text) => new([.. Front, .. text, .. Behind]);

    /// <summary>A sequence of two texts.</summary>
    public TokenSequence Around(int[] first, int[] second)
    {
        int[] lengths = [Front.Length, first.Length, Between.Length, second.Length, Behind.Length];
        return new TokenSequence(
            [.. Front, .. first, .. Between, .. second, .. Behind],
            _segments ? [.. lengths.SelectMany((length, part) => Enumerable.Repeat(_segmentIds[part], length))] : null);
    }
}
