using MLNet.Transformers.Models.Losses;

namespace MLNet.Transformers.Pretraining.Noises;

/// <summary>
/// A text with blanks (part A), and behind it what fills them (part B), each blank's tokens behind a start token (Du et al. 2022, §2.1). Tokens of part B
/// stay at the place of their blank, and count from 1 in the second row of places, which is 0 in part A.
/// </summary>
/// <param name="Ids">What is read.</param>
/// <param name="Places">Index in the text with blanks.</param>
/// <param name="BlankPlaces">Index within what fills a blank.</param>
/// <param name="Labels">What is to be written at each token; <see cref="LossTerm.Ignored"/> in part A.</param>
/// <param name="Seen">Tokens of part A: all see them.</param>
internal sealed record BlankedText(int[] Ids, int[] Places, int[] BlankPlaces, int[] Labels, int Seen)
{
    /// <param name="ids">The whole text.</param>
    /// <param name="spans">Its blanks, in the order in which they are filled; none overlap.</param>
    /// <param name="blankId">Stands for a blank.</param>
    /// <param name="startId">Begins what fills one.</param>
    /// <param name="endId">Ends it; null: nothing does, for the text goes on.</param>
    public static BlankedText Of(int[] ids, IReadOnlyList<TokenSpan> spans, int blankId, int startId, int? endId)
    {
        var read = new List<int>();
        var blankOf = new Dictionary<int, int>();
        int last = 0;
        foreach (TokenSpan span in spans.OrderBy(span => span.Start))
        {
            read.AddRange(ids.AsSpan(last..span.Start));
            blankOf[span.Start] = read.Count;
            read.Add(blankId);
            last = span.End;
        }
        read.AddRange(ids.AsSpan(last..));
        int seen = read.Count;
        List<int> places = [.. Enumerable.Range(0, seen)], blankPlaces = [.. new int[seen]], labels = [.. Enumerable.Repeat((int)LossTerm.Ignored, seen)];
        foreach (TokenSpan span in spans)
        {
            int[] written = endId is { } end ? [.. ids[span.Start..span.End], end] : ids[span.Start..span.End];
            read.Add(startId);
            read.AddRange(written.AsSpan(..^1));
            labels.AddRange(written);
            places.AddRange(Enumerable.Repeat(blankOf[span.Start], written.Length));
            blankPlaces.AddRange(Enumerable.Range(1, written.Length));
        }
        return new BlankedText([.. read], [.. places], [.. blankPlaces], [.. labels], seen);
    }

    /// <summary>Hides tokens of part B from those that follow them: what is to be written stays the same (<c>block_mask_prob</c>).</summary>
    /// <param name="share">How often a token is hidden.</param>
    /// <param name="id">What stands in its place.</param>
    /// <param name="random">What is drawn from.</param>
    public BlankedText Hide(double share, int id, Random random) =>
        this with { Ids = [.. Ids.Select((token, place) => BlankPlaces[place] > 1 && random.NextDouble() < share ? id : token)] };
}
