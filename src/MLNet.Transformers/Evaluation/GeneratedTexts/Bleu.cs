using System.Globalization;
using MLNet.Transformers.Evaluation;

namespace MLNet.Transformers;

/// <summary>
/// BLEU of a corpus (Papineni et al. 2002): how many runs of one to four words the written texts share with right ones. Equal to sacreBLEU 2.6.0's
/// corpus_score (Post 2018).
/// </summary>
/// <param name="Score">The score, 0 to 100.</param>
/// <param name="Precisions">Of each length of runs, the share that is right, smoothed, 0 to 100.</param>
/// <param name="Matches">Of each length, how many runs are right.</param>
/// <param name="Totals">Of each length, how many runs there are.</param>
/// <param name="BrevityPenalty">What the score is multiplied by because the texts are shorter than the references, 0 to 1.</param>
/// <param name="Words">Words of the written texts.</param>
/// <param name="ReferenceWords">Words of the references, of each row's the one that is nearest in length.</param>
public sealed record Bleu(
    double Score, IReadOnlyList<double> Precisions, IReadOnlyList<long> Matches, IReadOnlyList<long> Totals, double BrevityPenalty, long Words, long ReferenceWords)
{
    private const int Order = 4;

    /// <summary>The score of texts with one reference each.</summary>
    /// <param name="predicted">The written texts.</param>
    /// <param name="references">As many right ones.</param>
    /// <param name="options">How to read them; null: sacreBLEU's defaults.</param>
    /// <exception cref="ArgumentException">The numbers differ, or a text is null.</exception>
    public static Bleu Of(IReadOnlyList<string> predicted, IReadOnlyList<string> references, BleuOptions? options = null) =>
        Of(predicted, TextPairs.OneEach(references), options);

    /// <summary>The score of texts with one or several references each.</summary>
    /// <param name="predicted">The written texts.</param>
    /// <param name="references">Of each, the right ones. Empty ones are passed over where there is another.</param>
    /// <param name="options">How to read them; null: sacreBLEU's defaults.</param>
    /// <exception cref="ArgumentException">The numbers differ, a row has no reference, or a text is null.</exception>
    public static Bleu Of(IReadOnlyList<string> predicted, IReadOnlyList<IReadOnlyList<string>> references, BleuOptions? options = null)
    {
        options = (options ?? new BleuOptions()).Checked();
        var (matches, totals) = (new long[Order], new long[Order]);
        long written = 0, expected = 0;
        foreach ((string text, string[] right) in TextPairs.Of(predicted, references))
        {
            string[] words = Read(text, options);
            string[][] rights = [.. right.Select(reference => Read(reference, options))];
            written += words.Length;
            expected += rights.Select(reference => reference.Length).MinBy(length => (Math.Abs(length - words.Length), length));
            for (int n = 1; n <= Order; n++)
            {
                matches[n - 1] += Runs.Common(Runs.Of(words, n), Allowed(rights, n));
                totals[n - 1] += Math.Max(0, words.Length - n + 1);
            }
        }
        double brevity = written >= expected ? 1 : written == 0 ? 0 : Math.Exp(1 - ((double)expected / written));
        double[] precisions = new double[Order];
        int order = matches.Any(count => count > 0) ? Smooth(precisions, matches, totals, options) : 0;
        double score = order == 0 ? 0 : brevity * Math.Exp(precisions.Take(order).Sum(Math.Log) / order);
        return new Bleu(score, precisions, matches, totals, brevity, written, expected);
    }

    /// <summary>The score and what it is made of, as sacreBLEU writes it.</summary>
    public override string ToString()
    {
        double ratio = ReferenceWords == 0 ? 0 : (double)Words / ReferenceWords;
        string precisions = string.Join('/', Precisions.Select(precision => precision.ToString("F1", CultureInfo.InvariantCulture)));
        return string.Create(CultureInfo.InvariantCulture,
            $"BLEU = {Score:F2} {precisions} (BP = {BrevityPenalty:F3} ratio = {ratio:F3} hyp_len = {Words} ref_len = {ReferenceWords})");
    }

    private static string[] Read(string text, BleuOptions options)
    {
        text = PythonText.TrimEnd(text);
        return BleuWords.Of(options.Lowercase ? PythonText.Lower(text) : text, options.Tokenizer);
    }

    private static Dictionary<string, int> Allowed(string[][] references, int length)
    {
        Dictionary<string, int> allowed = Runs.Of(references[0], length);
        foreach ((string run, int count) in references.Skip(1).SelectMany(reference => Runs.Of(reference, length)))
        {
            allowed[run] = Math.Max(allowed.GetValueOrDefault(run), count);
        }
        return allowed;
    }

    // Fills the precisions up to the length for which all texts are too short, and returns how many count.
    private static int Smooth(double[] precisions, long[] matches, long[] totals, BleuOptions options)
    {
        double halves = 1;
        for (int n = 0; n < Order; n++)
        {
            double added = options.Smoothing == BleuSmoothing.AddK && n > 0 ? options.SmoothingValue ?? 1 : 0;
            double total = totals[n] + added;
            if (total == 0)
            {
                return options.EffectiveOrder ? n : Order;
            }
            double count = matches[n] + added;
            if (count == 0 && options.Smoothing == BleuSmoothing.Exponential)
            {
                halves *= 2;
                count = 1 / halves;
            }
            else if (count == 0 && options.Smoothing == BleuSmoothing.Floor)
            {
                count = options.SmoothingValue ?? 0.1;
            }
            precisions[n] = 100 * count / total;
        }
        return Order;
    }
}
