using MLNet.Transformers.Batching;
using MLNet.Transformers.Tokenization;
using static TorchSharp.torch;

namespace MLNet.Transformers.QuestionAnswering;

/// <summary>
/// From start and end scores to answers, as the reference's example for SQuAD reads them (run_qa, utils_qa.py): the best starts and ends of each window
/// are paired, the best pairs of all windows share the probability, and the score of no answer is that of the window in which it is lowest. Three
/// things differ. The best starts and ends are those of the context: the reference takes the best of the whole window and leaves out the question's
/// afterwards, so that few may be left. A stretch that two windows find counts once. And an answer has no blanks around it, and no half characters.
/// </summary>
internal static class SpanReading
{
    public static ScoreReading<AnswerWindow, WindowAnswers, SpanAnswer> Of(AnswerRules rules) =>
        new((output, windows) => Read(output.Logits, windows, rules), (windows, parts) => Merge(windows[0].Context, parts, rules));

    // (batch, tokens, 2)
    private static WindowAnswers[] Read(Tensor logits, IReadOnlyList<AnswerWindow> windows, AnswerRules rules)
    {
        int tokens = (int)logits.shape[1];
        // (batch, 2, tokens)
        float[] scores = logits.to(ScalarType.Float32).transpose(1, 2).contiguous().cpu().data<float>().ToArray();
        var answers = new WindowAnswers[windows.Count];
        for (int i = 0; i < answers.Length; i++)
        {
            ReadOnlySpan<float> starts = scores.AsSpan(2 * i * tokens, tokens), ends = scores.AsSpan((2 * i + 1) * tokens, tokens);
            var (first, count) = (windows[i].Window.First, windows[i].Window.Offsets.Length);
            answers[i] = new WindowAnswers(starts[0] + ends[0], Best(starts.Slice(first, count), ends.Slice(first, count), windows[i], rules));
        }
        return answers;
    }

    private static ScoredSpan[] Best(ReadOnlySpan<float> starts, ReadOnlySpan<float> ends, AnswerWindow window, AnswerRules rules)
    {
        var pairs = new List<(int Start, int End, float Score)>();
        int[] bestEnds = Highest(ends, rules.Best);
        foreach (int start in Highest(starts, rules.Best))
        {
            foreach (int end in bestEnds.Where(end => end >= start && end - start < rules.MaxTokens))
            {
                pairs.Add((start, end, starts[start] + ends[end]));
            }
        }
        TextSpan[] offsets = window.Window.Offsets;
        return
        [
            .. pairs.OrderByDescending(pair => pair.Score)
                .Select(pair => new ScoredSpan(SpanText.Whole(window.Context, offsets[pair.Start].Start, offsets[pair.End].End), pair.Score))
                .Where(span => span.Place.End > span.Place.Start).DistinctBy(span => span.Place).Take(rules.Best),
        ];
    }

    private static SpanAnswer Merge(string context, ArraySegment<WindowAnswers> windows, AnswerRules rules)
    {
        float noAnswer = windows.Min(window => window.NullScore);
        ScoredSpan[] best =
            [.. windows.SelectMany(window => window.Best).OrderByDescending(span => span.Score).DistinctBy(span => span.Place).Take(rules.Best)];
        if (best.Length == 0)
        {
            return new SpanAnswer("", -1, 1, float.PositiveInfinity, []);
        }
        float[] probabilities = [.. best.Select(span => span.Score), .. rules.NullThreshold is null ? [] : new[] { noAnswer }];
        System.Numerics.Tensors.TensorPrimitives.SoftMax<float>(probabilities, probabilities);
        RankedAnswer[] top = [.. best.Take(rules.Top).Select((span, i) => new RankedAnswer(context[span.Place.Start..span.Place.End], span.Place.Start, probabilities[i]))];
        float difference = noAnswer - best[0].Score;
        return difference > rules.NullThreshold
            ? new SpanAnswer("", -1, probabilities[^1], difference, top)
            : new SpanAnswer(top[0].Text, top[0].Start, top[0].Probability, difference, top);
    }

    private static int[] Highest(ReadOnlySpan<float> scores, int count)
    {
        float[] kept = [.. scores];
        return [.. Enumerable.Range(0, kept.Length).OrderByDescending(number => kept[number]).Take(count)];
    }
}
