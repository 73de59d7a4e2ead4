using MLNet.Transformers.Evaluation;

namespace MLNet.Transformers;

/// <summary>How near written texts come to right ones, by each measure that is in use: summaries are judged by ROUGE, translations by BLEU, chrF and TER.</summary>
/// <param name="Rouge">Words, pairs of words and sequences in common; of texts in the Latin alphabet.</param>
/// <param name="Bleu">Runs of words in common.</param>
/// <param name="Chrf">Runs of characters in common.</param>
/// <param name="ChrfPlusPlus">Runs of characters and words in common.</param>
/// <param name="Ter">Words to be changed, by sacreBLEU's defaults; Chinese asks for <see cref="TerOptions.AsianSupport"/> and <see cref="Ter.Of(IReadOnlyList{string}, IReadOnlyList{string}, TerOptions)"/>.</param>
/// <param name="ExactMatch">Percent of texts that are a right one to the character.</param>
/// <param name="Rows">The number of texts.</param>
public sealed record GeneratedTextMetrics(Rouge Rouge, Bleu Bleu, Chrf Chrf, Chrf ChrfPlusPlus, Ter Ter, double ExactMatch, int Rows)
{
    /// <summary>Judges texts.</summary>
    /// <param name="predicted">The written texts.</param>
    /// <param name="references">Of each, the right ones, at least one.</param>
    /// <param name="tokenizer">What parts texts into words for BLEU; for Chinese <see cref="BleuTokenizer.Chinese"/>.</param>
    /// <param name="stem">Compare stems of words for ROUGE.</param>
    /// <exception cref="ArgumentException">The numbers differ, there is no text, a row has no reference, or a text is null; the message names the row.</exception>
    public static GeneratedTextMetrics Of(
        IReadOnlyList<string> predicted, IReadOnlyList<IReadOnlyList<string>> references, BleuTokenizer tokenizer = BleuTokenizer.Mteval13a, bool stem = false)
    {
        (string Text, string[] References)[] pairs = [.. TextPairs.Of(predicted, references)];
        if (pairs.Length == 0)
        {
            throw new ArgumentException("There is no text.");
        }
        return new GeneratedTextMetrics(
            Rouge.Of(predicted, references, stem),
            Bleu.Of(predicted, references, new BleuOptions { Tokenizer = tokenizer }),
            Chrf.Of(predicted, references),
            Chrf.Of(predicted, references, ChrfOptions.PlusPlus),
            Ter.Of(predicted, references),
            100.0 * pairs.Count(pair => pair.References.Contains(pair.Text)) / pairs.Length,
            pairs.Length);
    }

    /// <summary>A table of all figures.</summary>
    public override string ToString() => new FigureTable()
        .Add("ROUGE-1", FigureTable.Points(100 * Rouge.Rouge1.F1)).Add("ROUGE-2", FigureTable.Points(100 * Rouge.Rouge2.F1))
        .Add("ROUGE-L", FigureTable.Points(100 * Rouge.RougeL.F1)).Add("ROUGE-Lsum", FigureTable.Points(100 * Rouge.RougeLsum.F1))
        .Add("BLEU", FigureTable.Points(Bleu.Score)).Add("chrF", FigureTable.Points(Chrf.Score)).Add("chrF++", FigureTable.Points(ChrfPlusPlus.Score))
        .Add("TER", FigureTable.Points(Ter.Score)).Add("exact match", FigureTable.Points(ExactMatch)).Add("texts", FigureTable.Count(Rows)).ToString();
}
