using System.Globalization;
using MLNet.Transformers.Evaluation;

namespace MLNet.Transformers;

/// <summary>
/// chrF of a corpus (Popović 2015): F score of the runs of characters that written texts share with right ones. Equal to sacreBLEU 2.6.0's corpus_score.
/// </summary>
/// <param name="Score">The score, 0 to 100.</param>
/// <param name="Name">What sacreBLEU calls it: chrF2, or chrF2++ with words.</param>
public sealed record Chrf(double Score, string Name)
{
    private const double Epsilon = 1e-16;

    /// <summary>The score of texts with one reference each.</summary>
    /// <param name="predicted">The written texts.</param>
    /// <param name="references">As many right ones.</param>
    /// <param name="options">What to compare; null: chrF2. See <see cref="ChrfOptions.PlusPlus"/>.</param>
    /// <exception cref="ArgumentException">The numbers differ, or a text is null.</exception>
    public static Chrf Of(IReadOnlyList<string> predicted, IReadOnlyList<string> references, ChrfOptions? options = null) =>
        Of(predicted, TextPairs.OneEach(references), options);

    /// <summary>The score of texts with one or several references each, of which the one counts that gives the best score.</summary>
    /// <param name="predicted">The written texts.</param>
    /// <param name="references">Of each, the right ones. Empty ones are passed over where there is another.</param>
    /// <param name="options">What to compare; null: chrF2. See <see cref="ChrfOptions.PlusPlus"/>.</param>
    /// <exception cref="ArgumentException">The numbers differ, a row has no reference, or a text is null.</exception>
    public static Chrf Of(IReadOnlyList<string> predicted, IReadOnlyList<IReadOnlyList<string>> references, ChrfOptions? options = null)
    {
        options = (options ?? new ChrfOptions()).Checked();
        var sum = new Counts[options.CharacterOrder + options.WordOrder];
        foreach ((string text, string[] right) in TextPairs.Of(predicted, references))
        {
            Dictionary<string, int>[] runs = AllRuns(text, options);
            Counts[] best = right.Select(reference => Compare(runs, AllRuns(reference, options))).MaxBy(counts => ScoreOf(counts, options))!;
            for (int i = 0; i < sum.Length; i++)
            {
                sum[i] = sum[i].Plus(best[i]);
            }
        }
        return new Chrf(ScoreOf(sum, options), $"chrF{options.Beta}{new string('+', options.WordOrder)}");
    }

    /// <summary>The name and the score.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} = {Score:F2}");

    private static Dictionary<string, int>[] AllRuns(string text, ChrfOptions options)
    {
        text = options.Lowercase ? PythonText.Lower(text) : text;
        string[] characters = [.. PythonText.Characters(options.Whitespace ? text : string.Concat(PythonText.Words(text)))];
        string[] words = [.. PythonText.Words(text).SelectMany(PunctuationApart)];
        return
        [
            .. Enumerable.Range(1, options.CharacterOrder).Select(length => Runs.Of(characters, length)),
            .. Enumerable.Range(1, options.WordOrder).Select(length => Runs.Of(words, length)),
        ];
    }

    // One mark at the end, or else at the beginning: "(hi)" is "(hi" and ")", as in chrF++.py.
    private static IEnumerable<string> PunctuationApart(string word) =>
        word.Length == 1 || (word.Length == 2 && char.IsSurrogate(word[0])) ? [word]
        : PythonText.IsPunctuation(word[^1]) ? [word[..^1], word[^1..]]
        : PythonText.IsPunctuation(word[0]) ? [word[..1], word[1..]]
        : [word];

    // A reference that is too short for a length lets it count for nothing.
    private static Counts[] Compare(Dictionary<string, int>[] written, Dictionary<string, int>[] right) => [.. written.Zip(right, (mine, theirs) =>
        new Counts(theirs.Count > 0 ? mine.Values.Sum() : 0, theirs.Values.Sum(), Runs.Common(mine, theirs)))];

    private static double ScoreOf(Counts[] counts, ChrfOptions options)
    {
        double factor = options.Beta * options.Beta;
        if (options.EpsilonSmoothing)
        {
            return 100 * counts.Sum(one => F(one.Written > 0 ? one.Precision : Epsilon, one.Right > 0 ? one.Recall : Epsilon, Epsilon)) / counts.Length;
        }
        Counts[] compared = [.. counts.Where(one => one.Written > 0 && one.Right > 0)];
        return compared.Length == 0 ? 0 : 100 * F(compared.Average(one => one.Precision), compared.Average(one => one.Recall), 0);

        double F(double precision, double recall, double otherwise) =>
            (factor * precision) + recall > 0 ? (1 + factor) * precision * recall / ((factor * precision) + recall) : otherwise;
    }

    private readonly record struct Counts(long Written, long Right, long Common)
    {
        public double Precision => (double)Common / Written;

        public double Recall => (double)Common / Right;

        public Counts Plus(Counts other) => new(Written + other.Written, Right + other.Right, Common + other.Common);
    }
}
