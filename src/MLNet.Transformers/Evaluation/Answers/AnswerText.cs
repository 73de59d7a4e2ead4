using System.Text.RegularExpressions;

namespace MLNet.Transformers.Evaluation;

/// <summary>How SQuAD's scripts compare answers.</summary>
internal static partial class AnswerText
{
    /// <summary>An answer in lower case, without ASCII punctuation, English articles and needless white space.</summary>
    public static string Normalized(string answer)
    {
        string plain = string.Concat(PythonText.Lower(answer).Where(character => !PythonText.IsPunctuation(character)));
        return string.Join(' ', PythonText.Words(Articles().Replace(plain, " ")));
    }

    /// <summary>Whether two normalized answers are the same: 1 or 0.</summary>
    public static double Exact(string gold, string predicted) => gold == predicted ? 1 : 0;

    /// <summary>F1 of the words of two normalized answers.</summary>
    /// <param name="gold">The right one.</param>
    /// <param name="predicted">The predicted one.</param>
    /// <param name="ofNone">What two answers without words count.</param>
    public static double F1(string gold, string predicted, double ofNone)
    {
        string[] right = PythonText.Words(gold), words = PythonText.Words(predicted);
        if (right.Length + words.Length == 0)
        {
            return ofNone;
        }
        int common = Runs.Common(Runs.Of(words, 1), Runs.Of(right, 1));
        return 2.0 * common / (right.Length + words.Length);
    }

    // Python's word boundary: letters and numbers, but no combining marks, which .NET's counts too.
    [GeneratedRegex(@"(?<![\p{L}\p{N}])(?:a|an|the)(?![\p{L}\p{N}])")]
    private static partial Regex Articles();
}
