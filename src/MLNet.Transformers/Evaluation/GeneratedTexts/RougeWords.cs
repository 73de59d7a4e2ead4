namespace MLNet.Transformers.Evaluation;

/// <summary>The words that ROUGE compares, as rouge-score 0.1.2 reads them: runs of a to z and 0 to 9 of the text in lower case; all else parts words.</summary>
internal static class RougeWords
{
    private const int ShortestStemmed = 4;

    public static string[] Of(string text, bool stem)
    {
        text = PythonText.Lower(text);
        var words = new List<string>();
        for (int start = 0, end; start < text.Length; start = end + 1)
        {
            for (end = start; end < text.Length && (char.IsAsciiLetterLower(text[end]) || char.IsAsciiDigit(text[end])); end++)
            {
            }
            if (end > start)
            {
                string word = text[start..end];
                words.Add(stem && word.Length >= ShortestStemmed ? PorterStemmer.Stem(word) : word);
            }
        }
        return [.. words];
    }
}
