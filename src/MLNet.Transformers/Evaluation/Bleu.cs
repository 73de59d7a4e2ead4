using System.Text.RegularExpressions;

namespace MLNet.Transformers.Evaluation;

/// <summary>
/// BLEU of a corpus with one reference a text (Papineni et al. 2002), as sacreBLEU computes it: words of mteval-v13a, runs of up to four, exponential
/// smoothing of what never matches (Post 2018).
/// </summary>
internal static partial class Bleu
{
    private const int Order = 4;

    private static readonly (string Entity, string Character)[] _entities = [("&quot;", "\""), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">")];

    /// <summary>The score, 0 to 100.</summary>
    /// <param name="hypotheses">Texts to judge.</param>
    /// <param name="references">As many texts that are right.</param>
    public static double OfCorpus(IReadOnlyList<string> hypotheses, IReadOnlyList<string> references)
    {
        var matches = new long[Order];
        var total = new long[Order];
        long written = 0, expected = 0;
        for (int i = 0; i < hypotheses.Count; i++)
        {
            string[] hypothesis = Words(hypotheses[i]), reference = Words(references[i]);
            written += hypothesis.Length;
            expected += reference.Length;
            for (int n = 1; n <= Order; n++)
            {
                Dictionary<string, int> allowed = Runs(reference, n);
                matches[n - 1] += Runs(hypothesis, n).Sum(run => Math.Min(run.Value, allowed.GetValueOrDefault(run.Key)));
                total[n - 1] += Math.Max(0, hypothesis.Length - n + 1);
            }
        }
        double brevity = written >= expected ? 1 : written == 0 ? 0 : Math.Exp(1 - ((double)expected / written));
        return matches.All(count => count == 0) || total.Any(count => count == 0) ? 0 : 100 * brevity * Math.Exp(LogPrecisions(matches, total).Average());
    }

    /// <summary>The words of a text, punctuation apart from them.</summary>
    public static string[] Words(string text)
    {
        text = text.Replace("<skipped>", "", StringComparison.Ordinal).Replace("-\n", "", StringComparison.Ordinal).Replace('\n', ' ');
        foreach ((string entity, string character) in _entities)
        {
            text = text.Replace(entity, character, StringComparison.Ordinal);
        }
        text = Symbols().Replace($" {text} ", " $1 ");
        text = AfterNoDigit().Replace(text, "$1 $2 ");
        text = BeforeNoDigit().Replace(text, " $1 $2");
        text = HyphenAfterDigit().Replace(text, "$1 $2 ");
        return text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
    }

    // Each order that matches nothing counts half of the one before.
    private static IEnumerable<double> LogPrecisions(long[] matches, long[] total)
    {
        double smoothing = 1;
        for (int n = 0; n < Order; n++)
        {
            smoothing = matches[n] == 0 ? smoothing * 2 : smoothing;
            yield return Math.Log(matches[n] == 0 ? 1 / (smoothing * total[n]) : (double)matches[n] / total[n]);
        }
    }

    private static Dictionary<string, int> Runs(string[] words, int length)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int start = 0; start + length <= words.Length; start++)
        {
            string run = string.Join(' ', words, start, length);
            counts[run] = counts.GetValueOrDefault(run) + 1;
        }
        return counts;
    }

    [GeneratedRegex(@"([\{-\~\[-\` -\&\(-\+\:-\@\/])")]
    private static partial Regex Symbols();

    [GeneratedRegex(@"([^0-9])([\.,])")]
    private static partial Regex AfterNoDigit();

    [GeneratedRegex(@"([\.,])([^0-9])")]
    private static partial Regex BeforeNoDigit();

    [GeneratedRegex("([0-9])(-)")]
    private static partial Regex HyphenAfterDigit();
}
