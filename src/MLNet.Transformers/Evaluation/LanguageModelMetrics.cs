using System.Globalization;
using MLNet.Transformers.Evaluation;

namespace MLNet.Transformers;

/// <summary>How well a network guesses the tokens of texts, over all of them: a text counts by its tokens.</summary>
/// <param name="Loss">Mean negative log-likelihood of a token, in nats, at least 0.</param>
/// <param name="Perplexity">e to the power of it: among how many tokens, all alike, it would have been as hard to guess.</param>
/// <param name="Tokens">Tokens that were guessed.</param>
/// <param name="Texts">Texts with such tokens.</param>
public sealed record LanguageModelMetrics(double Loss, double Perplexity, long Tokens, int Texts)
{
    /// <summary>Adds up texts.</summary>
    /// <param name="losses">The mean loss of each text; of those without a token whatever it is.</param>
    /// <param name="tokens">The tokens of each.</param>
    /// <exception cref="ArgumentException">There are not as many losses as counts, no text has a token, or the loss of one that has is NaN; the message names the row.</exception>
    public static LanguageModelMetrics Of(IReadOnlyList<double> losses, IReadOnlyList<int> tokens)
    {
        Paired.Check(losses, tokens, "rows");
        (double sum, long count, int texts) = (0, 0, 0);
        for (int row = 0; row < losses.Count; row++)
        {
            if (tokens[row] > 0)
            {
                (sum, count, texts) = (sum + tokens[row] * losses[row], count + tokens[row], texts + 1);
                if (double.IsNaN(losses[row]))
                {
                    throw new ArgumentException($"The loss of row {row} is NaN, though {tokens[row]} tokens were guessed.");
                }
            }
        }
        return count > 0 ? new LanguageModelMetrics(sum / count, Math.Exp(sum / count), count, texts) : throw new ArgumentException("No text has a token that was guessed.");
    }

    /// <summary>A table of all figures.</summary>
    public override string ToString() => new FigureTable()
        .Add("loss", FigureTable.Share(Loss)).Add("perplexity", Perplexity.ToString("F2", CultureInfo.InvariantCulture))
        .Add("tokens", FigureTable.Count(Tokens)).Add("texts", FigureTable.Count(Texts)).ToString();
}
