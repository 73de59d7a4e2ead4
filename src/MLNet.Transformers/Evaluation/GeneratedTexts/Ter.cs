using System.Globalization;
using MLNet.Transformers.Evaluation;

namespace MLNet.Transformers;

/// <summary>
/// TER of a corpus (Snover et al. 2006): how many words of the written texts would have to be changed or moved to make them right, for each word of the
/// references. Less is better. Equal to sacreBLEU 2.6.0's corpus_score.
/// </summary>
/// <param name="Score">Edits in percent of the references' words; 0 or more. Where the references have no word: 100, or 0 where nothing was written either.</param>
/// <param name="Edits">Words to insert, delete and replace, and runs of words to move.</param>
/// <param name="ReferenceWords">Words of the references, of several the mean.</param>
public sealed record Ter(double Score, long Edits, double ReferenceWords)
{
    /// <summary>The score of texts with one reference each.</summary>
    /// <param name="predicted">The written texts.</param>
    /// <param name="references">As many right ones.</param>
    /// <param name="options">How to read them; null: sacreBLEU's defaults.</param>
    /// <exception cref="ArgumentException">The numbers differ, or a text is null.</exception>
    public static Ter Of(IReadOnlyList<string> predicted, IReadOnlyList<string> references, TerOptions? options = null) =>
        Of(predicted, TextPairs.OneEach(references), options);

    /// <summary>The score of texts with one or several references each, of which the one counts that needs fewest edits.</summary>
    /// <param name="predicted">The written texts.</param>
    /// <param name="references">Of each, the right ones. Empty ones are passed over where there is another.</param>
    /// <param name="options">How to read them; null: sacreBLEU's defaults.</param>
    /// <exception cref="ArgumentException">The numbers differ, a row has no reference, or a text is null.</exception>
    public static Ter Of(IReadOnlyList<string> predicted, IReadOnlyList<IReadOnlyList<string>> references, TerOptions? options = null)
    {
        options ??= new TerOptions();
        long edits = 0;
        double referenceWords = 0;
        foreach ((string text, string[] right) in TextPairs.Of(predicted, references))
        {
            string[] words = TerWords.Of(text, options);
            string[][] rights = [.. right.Select(reference => TerWords.Of(reference, options))];
            edits += rights.Min(reference => EditsOf(words, reference));
            referenceWords += rights.Average(reference => reference.Length);
        }
        return new Ter(referenceWords > 0 ? 100 * edits / referenceWords : edits > 0 ? 100 : 0, edits, referenceWords);
    }

    /// <summary>The score.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"TER = {Score:F2}");

    private static int EditsOf(string[] words, string[] reference)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        return reference.Length == 0 ? words.Length : new WordShifts(Numbered(reference), Numbered(words)).Count();

        int[] Numbered(string[] text) => Array.ConvertAll(text, word =>
        {
            numbers.TryAdd(word, numbers.Count);
            return numbers[word];
        });
    }
}
