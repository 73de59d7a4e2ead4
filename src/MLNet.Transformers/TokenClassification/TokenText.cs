using System.Text;
using MLNet.Transformers.Text;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.TokenClassification;

/// <summary>A text and the places of its words.</summary>
internal readonly record struct TokenText(string Text, TextSpan[] Words)
{
    /// <summary>Words joined by one blank each.</summary>
    public static TokenText Of(IReadOnlyList<string> words)
    {
        var text = new StringBuilder();
        var places = new TextSpan[words.Count];
        for (int i = 0; i < places.Length; i++)
        {
            text.Append(i > 0 ? " " : "");
            places[i] = new TextSpan(text.Length, text.Length + words[i].Length);
            text.Append(words[i]);
        }
        return new TokenText(text.ToString(), places);
    }

    public static TokenText Of(string text, bool splitAtBlanks) => new(text, splitAtBlanks ? WordSplitter.AtBlanks(text) : WordSplitter.Words(text));

    public string Word(int number) => Text[Words[number].Start..Words[number].End];
}
