using MLNet.Transformers.Evaluation;

namespace MLNet.Transformers;

/// <summary>
/// ROUGE of a corpus (Lin 2004): the mean over its summaries. Equal to rouge-score 0.1.2. Only a to z and 0 to 9 make words, so that it says nothing of
/// texts in other alphabets.
/// </summary>
/// <param name="Rouge1">Words in common.</param>
/// <param name="Rouge2">Pairs of neighbouring words in common.</param>
/// <param name="RougeL">Words in common in the same order.</param>
/// <param name="RougeLsum">The same by sentences, which are the lines of a text.</param>
public sealed record Rouge(RougeScore Rouge1, RougeScore Rouge2, RougeScore RougeL, RougeScore RougeLsum)
{
    /// <summary>The mean scores of texts with one reference each; NaN where there is no text.</summary>
    /// <param name="predicted">The written texts.</param>
    /// <param name="references">As many right ones.</param>
    /// <param name="stem">Compare stems of words (Porter's, as NLTK has them) instead of words.</param>
    /// <exception cref="ArgumentException">The numbers differ, or a text is null.</exception>
    public static Rouge Of(IReadOnlyList<string> predicted, IReadOnlyList<string> references, bool stem = false) =>
        Of(predicted, TextPairs.OneEach(references), stem);

    /// <summary>The mean scores of texts with one or several references each: of each score, the reference counts that has the best F1; NaN where there is no text.</summary>
    /// <param name="predicted">The written texts.</param>
    /// <param name="references">Of each, the right ones.</param>
    /// <param name="stem">Compare stems of words (Porter's, as NLTK has them) instead of words.</param>
    /// <exception cref="ArgumentException">The numbers differ, a row has no reference, or a text is null.</exception>
    public static Rouge Of(IReadOnlyList<string> predicted, IReadOnlyList<IReadOnlyList<string>> references, bool stem = false)
    {
        Rouge[] rows = [.. TextPairs.Of(predicted, references).Select(pair => BestOf([.. pair.References.Select(reference => OfText(pair.Text, reference, stem))]))];
        return Combine(score => new RougeScore(Mean(row => score(row).Precision), Mean(row => score(row).Recall), Mean(row => score(row).F1)));

        double Mean(Func<Rouge, double> figure) => rows.Sum(figure) / rows.Length;
    }

    /// <summary>A table of all figures, in percent.</summary>
    public override string ToString()
    {
        var table = new FigureTable("precision", "recall", "F1");
        foreach ((string name, RougeScore score) in ((string, RougeScore)[])
            [("ROUGE-1", Rouge1), ("ROUGE-2", Rouge2), ("ROUGE-L", RougeL), ("ROUGE-Lsum", RougeLsum)])
        {
            table.Add(name, FigureTable.Points(100 * score.Precision), FigureTable.Points(100 * score.Recall), FigureTable.Points(100 * score.F1));
        }
        return table.ToString();
    }

    private static Rouge OfText(string text, string reference, bool stem)
    {
        string[] words = RougeWords.Of(text, stem), right = RougeWords.Of(reference, stem);
        return new Rouge(
            OfRuns(1), OfRuns(2), RougeScore.Of(CommonSubsequence.Length(right, words), words.Length, right.Length), OfSentences(Sentences(text), Sentences(reference)));

        RougeScore OfRuns(int length) => RougeScore.Of(
            Runs.Common(Runs.Of(words, length), Runs.Of(right, length)), Math.Max(0, words.Length - length + 1), Math.Max(0, right.Length - length + 1));

        string[][] Sentences(string paragraph) => [.. paragraph.Split('\n').Select(sentence => RougeWords.Of(sentence, stem))];
    }

    // A word of a reference sentence counts where it is common with any sentence, but no word more often than it occurs in both texts.
    private static RougeScore OfSentences(string[][] written, string[][] right)
    {
        Dictionary<string, int> left = Runs.Of([.. written.SelectMany(sentence => sentence)], 1);
        int common = 0;
        foreach (string[] sentence in right)
        {
            foreach (string word in written.SelectMany(other => CommonSubsequence.Places(sentence, other)).Distinct().Select(place => sentence[place]))
            {
                common += left[word]-- > 0 ? 1 : 0;
            }
        }
        return RougeScore.Of(common, written.Sum(sentence => sentence.Length), right.Sum(sentence => sentence.Length));
    }

    private static Rouge BestOf(Rouge[] all) => Combine(score => score(all.MaxBy(one => score(one).F1)!));

    private static Rouge Combine(Func<Func<Rouge, RougeScore>, RougeScore> combine) =>
        new(combine(one => one.Rouge1), combine(one => one.Rouge2), combine(one => one.RougeL), combine(one => one.RougeLsum));
}
